"""The form with both languages: a field for each text that may be written, and the mark of what it was shown with."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from wagtail.coreutils import cautious_slugify
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from guide.services.languages import Fault, TextsRefused, Typed
from guide.texts import Part, Row, Section, Text, html_of_rich

_MARK = "shown-"
_LONG_LINE = 300


@dataclass
class Cell:
    page: Page
    language: str
    part: Part | None
    section: str
    # None where nothing can be written: another's lock, a picture, no such place.
    field: forms.BoundField | None = None
    mark: str = ""
    fault: Fault | None = None

    @property
    def language_name(self) -> str:
        return str(capfirst(get_language_info(self.language)["name_translated"]))

    @property
    def own_editor(self) -> str:
        """Where in the page's own editor this stands: Wagtail names the place by its tab, in the editor's language."""
        tab = cautious_slugify(self.page.get_edit_handler().children[0].heading)
        return f"{reverse('wagtailadmin_pages:edit', args=[self.page.pk])}#panel-child-{tab}-{self.section}-section"

    @property
    def shown(self) -> SafeString | str:
        return self._as_html(self.part.value) if isinstance(self.part, Text) else getattr(self.part, "html", "")

    @property
    def theirs(self) -> SafeString | str:
        return self._as_html((self.fault and self.fault.theirs) or "")

    def _as_html(self, text: str) -> SafeString | str:
        rich = isinstance(self.part, Text) and self.part.is_rich
        # Written in our own editor, and cleaned by it on its way in.
        return mark_safe(expand_db_html(text)) if rich else text  # noqa: S308 - as said above


class LanguagesForm(forms.Form):
    """Unbound always: what is wrong is the service's to say (`TextsRefused`)."""

    def __init__(
        self, sections: list[Section], pages: list[Page], *, may_write: Callable[[Page], bool],
        typed: dict[str, Typed] | None = None, refused: TextsRefused | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.homeless = refused.homeless if refused else []
        self._typed, self._faults = typed or {}, refused.faults if refused else {}
        may = {page.pk: may_write(page) for page in pages}
        self.sections = [
            (section, [(row, [self._cell(section, row, *pair, may) for pair in zip(pages, row.parts, strict=True)])
                       for row in section.rows])
            for section in sections
        ]  # fmt: skip

    def _cell(self, section: Section, row: Row, page: Page, part: Part | None, may: dict[int, bool]) -> Cell:
        cell = Cell(page, page.locale.language_code, part, section.name)
        if not isinstance(part, Text) or not may[page.pk]:
            return cell
        name = f"{part.name}-{cell.language}"
        typed = self._typed.get(name)
        field = copy.deepcopy(part.field)
        field.label = f"{section.label} {row.label} ({cell.language_name.lower()})"
        field.initial = typed.text if typed and typed.is_changed else part.value
        if _is_long_line(field):
            field.widget = forms.Textarea(attrs={"rows": 1, "data-controller": "w-autosize"})
        field.widget.attrs["lang"] = cell.language
        cell.fault = self._faults.get(name)
        if cell.fault:
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"fault-{name}"}
        self.fields[name] = field
        cell.field, cell.mark = self[name], part.mark
        return cell


def _is_long_line(field: forms.Field) -> bool:
    """A line that would not be seen whole in half of the window."""
    return type(field.widget) is forms.TextInput and (getattr(field, "max_length", None) or 0) >= _LONG_LINE


def typed_in(data: QueryDict, texts: dict[str, Text]) -> dict[str, Typed]:
    """What was typed, by its name in the form ("aim-sv"). Rich text comes as its editor keeps it and leaves as HTML."""
    found = {}
    for name in data:
        if name.startswith(_MARK) or name == "csrfmiddlewaretoken":
            continue
        shown = data.get(f"{_MARK}{name}", "")
        sent: Any = data[name]
        if name in texts:
            sent = texts[name].field.widget.value_from_datadict(data, {}, name)
            if _is_long_line(texts[name].field):
                sent = " ".join(sent.split("\n")).replace("\r", "")
        elif shown.startswith("rich"):
            sent = html_of_rich(sent)
        found[name] = Typed((sent or "").replace("\r\n", "\n").strip(), shown)
    return found
