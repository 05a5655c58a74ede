from guide.models.articles import AccessibilityStatementPage, ArticlePage
from guide.models.base import ReadingPage
from guide.models.cases import CasePage, CasesPage
from guide.models.front import FrontPage
from guide.models.glossary import GlossaryPage, TermPage
from guide.models.kept import KeptDocument
from guide.models.library import LibraryPage
from guide.models.method import GuidePage, MethodPage, RelatedMethod, StepPage
from guide.models.names import PageName
from guide.models.opinions import PageOpinion
from guide.models.reading import LineTick, ReadingMark, ReadingPlace
from guide.models.search import SearchEdition, SearchEntry, SearchWord
from guide.models.writing import DraftLink, ExternalLink, ReviewTask

__all__ = [
    "AccessibilityStatementPage",
    "ArticlePage",
    "CasePage",
    "CasesPage",
    "DraftLink",
    "ExternalLink",
    "FrontPage",
    "GlossaryPage",
    "GuidePage",
    "KeptDocument",
    "LibraryPage",
    "LineTick",
    "MethodPage",
    "PageName",
    "PageOpinion",
    "ReadingMark",
    "ReadingPage",
    "ReadingPlace",
    "RelatedMethod",
    "ReviewTask",
    "SearchEdition",
    "SearchEntry",
    "SearchWord",
    "StepPage",
    "TermPage",
]
