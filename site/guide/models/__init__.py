from guide.models.articles import AccessibilityStatementPage, ArticlePage
from guide.models.base import ReadingPage
from guide.models.front import FrontPage
from guide.models.method import GuidePage, MethodPage, RelatedMethod, StepPage
from guide.models.reading import ReadingMark

__all__ = [
    "AccessibilityStatementPage",
    "ArticlePage",
    "FrontPage",
    "GuidePage",
    "MethodPage",
    "ReadingMark",
    "ReadingPage",
    "RelatedMethod",
    "StepPage",
]
