"""What the editor demands before a page goes out, and of every picture."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.images.forms import BaseImageForm
from wagtail.models import Page

from guide.links import hand_written_page_links, links_to, unpublished_targets


class ImageForm(BaseImageForm):
    """A picture is described when it comes in, by who knows what it shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = self.fields.get("description")
        if described is not None:
            described.required = True
            described.label = gettext_lazy("What the picture shows")
            described.help_text = gettext_lazy(
                "Read aloud to those who don't see it. One sentence: what one would say on the telephone. "
                "Where the picture is used you may write something else, or choose that it is only decoration."
            )


class ReadingPageForm(WagtailAdminPageForm):
    """A draft may be unfinished. What is to be published, now or after review, may have no link that leads nowhere."""

    saves_a_draft = False

    def defer_required_fields(self) -> None:
        self.saves_a_draft = True
        super().defer_required_fields()

    def is_valid(self) -> bool:
        is_valid: bool = super().is_valid()
        if not is_valid or self.saves_a_draft:
            return is_valid
        for sentence in self._what_would_break():
            self.add_error(None, sentence)
        return not self.errors

    def _what_would_break(self) -> list[str]:
        page = self.instance
        chosen = [page for page in self._chosen_below() if not page.live]
        closed = {each.title for each in [*unpublished_targets(page), *chosen]}
        said = [
            _("The page links to “%(title)s”, which is not published. Publish that page first, or take the link away.")
            % {"title": title}
            for title in sorted(closed)
        ]
        said += [
            _(
                "The link %(address)s is written by hand. Choose the page with the link tool instead, "
                "so that the link holds when the page is moved."
            )
            % {"address": address}
            for address in hand_written_page_links(page)
        ]
        if page.pk and page.expire_at and links_to([page], with_children=False):
            said.append(_("Other pages link to this one, so it can't be taken down by the clock. Empty that time."))
        return said

    def _chosen_below(self) -> list[Page]:
        """Pages chosen in the rows of inline panels, which reach the page itself only when the form is saved."""
        return [
            value
            for formset in self.formsets.values()
            for form in formset.forms
            if not (form.cleaned_data or {}).get("DELETE")
            for value in (form.cleaned_data or {}).values()
            if isinstance(value, Page)
        ]
