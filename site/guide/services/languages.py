"""Writing Swedish and English side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from guide.languages import AGREE
from guide.texts import Text, mark_of, means_the_same, texts_of
from people.models import Person
from shared.rules import RuleBroken


@dataclass(frozen=True)
class Typed:
    """What came back from a form, and the mark of what the form had shown there."""

    text: str
    shown: str

    @property
    def is_changed(self) -> bool:
        return mark_of(self.text, is_rich=self.shown.startswith("rich")) != self.shown


@dataclass
class Fault:
    sentences: list[str]
    # What stands there by now, where someone else has changed it.
    theirs: str | None = None


class TextsRefused(RuleBroken):
    """Nothing is saved. `faults` are by the texts' names, `homeless` is what was typed where nothing can be typed."""

    def __init__(self) -> None:
        super().__init__(_("Nothing is saved yet: put right what is marked."), code="texts_refused")
        self.faults: dict[str, Fault] = {}
        self.homeless: list[str] = []


def may_write(page: Page, person: Person) -> bool:
    lock = page.get_lock()
    return page.permissions_for_user(person).can_edit() and not (lock and lock.for_user(person))


@transaction.atomic
def save_texts(pages: Iterable[Page], *, typed: Mapping[str, Typed], person: Person) -> list[Page]:
    """Put what this person has changed, and nothing else, into new drafts of the pages; answers those that got one.

    A text that is the same as the form had shown is not touched: someone else may have changed it since. One that both
    have changed is refused, with what stands there now. All is saved or nothing.
    """
    rows = Page.objects.select_for_update().filter(pk__in=[page.pk for page in pages]).order_by("pk")
    drafts = [page.get_latest_revision_as_object() for page in rows]
    known: dict[str, tuple[Page, Text]] = {
        f"{name}-{draft.locale.language_code}": (draft, text)
        for draft in drafts
        if may_write(draft, person)
        for name, text in texts_of(draft).items()
    }
    refused = TextsRefused()
    changed: dict[int, dict[str, str]] = {}
    for name, new in typed.items():
        if not new.is_changed:
            continue
        if name not in known:
            refused.homeless.append(new.text)
            continue
        page, text = known[name]
        if means_the_same(new.text, text.value):
            continue
        fault = _fault_of(new, text)
        if fault:
            refused.faults[name] = fault
            continue
        text.put(new.text)
        changed.setdefault(page.pk, {})[text.name] = name
    saved = [draft for draft in drafts if draft.pk in changed]
    for draft in saved:
        refused.faults |= _faults_together(draft, changed[draft.pk])
    if refused.faults or refused.homeless:
        raise refused
    for draft in saved:
        draft.save_revision(user=person, log_action=True, clean=False)
    return saved


def agree_on_languages(page: Page, *, person: Person) -> None:
    """Someone has read both: they say the same, whoever was published last."""
    log(instance=page, action=AGREE, user=person)


def _fault_of(new: Typed, text: Text) -> Fault | None:
    if new.shown != text.mark:
        sentence = _(
            "This text was changed by someone else while you wrote. What you have written is kept here, theirs stands "
            "below. Save again to put yours in its place."
        )
        return Fault([sentence], theirs=text.value)
    try:
        text.clean(new.text)
    except ValidationError as wrong:
        return Fault([str(each) for each in wrong.messages])
    return None


def _faults_together(draft: Page, names: Mapping[str, str]) -> dict[str, Fault]:
    """What the page says as a whole about the fields that were changed. A draft may be unfinished elsewhere."""
    try:
        draft.full_clean()
    except ValidationError as wrong:
        said = wrong.message_dict if hasattr(wrong, "error_dict") else {}
        return {names[own]: Fault(said[own]) for own in names if own in said}
    return {}
