"""Where an editor begins: what readers say, which language is older, and the ways into the guide."""

from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component
from wagtail.models import Page, get_page_models

from guide import opinion_queries
from guide.languages import behind_of
from guide.models import CasesPage, FrontPage, GlossaryPage, GuidePage, ReadingPage

SHOWN = 5


class BeginPanel(Component):
    """On the editors' first page, which would else be empty until someone has written something."""

    name = "begin"
    template_name = "guide/editing/begin_panel.html"
    order = 120

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        may_read = user.has_perm("guide.view_pageopinion")
        titles = dict(opinion_queries.pages_with_opinions()) if may_read else {}
        said = opinion_queries.sentences_about()[:3] if may_read else []
        behind = _who_is_behind()
        return {
            "ways": [page for page in _ways() if page.permissions_for_user(user).can_edit()],
            "behind": behind[:SHOWN],
            "more_behind": max(0, len(behind) - SHOWN),
            "said": [(opinion, titles.get(opinion.translation_key, "")) for opinion in said],
            "may_read_opinions": may_read,
        }


def _ways() -> list[Page]:
    """The main parts of the guide in the site's first language."""
    home = {"locale__language_code": settings.LANGUAGE_CODE}
    parts = (GuidePage, CasesPage, GlossaryPage, FrontPage)
    return [page for model in parts for page in model.objects.filter(**home)[:1]]


def _who_is_behind() -> list[tuple[Page, str]]:
    keys = Page.objects.live().type(*[each for each in get_page_models() if issubclass(each, ReadingPage)])
    found = behind_of(keys.values_list("translation_key", flat=True))
    pages = Page.objects.in_bulk([each.page_id for each in found.values()])
    late = sorted(found.values(), key=lambda each: each.since, reverse=True)
    return [(pages[each.page_id], each.language) for each in late]
