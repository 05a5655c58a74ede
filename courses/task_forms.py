"""What one hands in for a task, and what a facilitator says when it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.hand_in_files import ACCEPT, LARGEST, Upload, check_upload
from courses.models import HandIn, HandInPiece, Task
from courses.services.hand_ins import LONGEST_TEXT, LONGEST_WORD, Piece
from courses.task_texts import piece_label
from shared.rules import RuleBroken


class LongTextField(forms.CharField):
    """A browser counts a line break as one sign and sends it as two: it is one sign before the length is judged."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class HandInFileField(forms.FileField):
    """Answers an `Upload`, judged by its bytes."""

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        # What is too large is not read: that it is, is known before.
        content = b"x" * (LARGEST + 1) if data.size > LARGEST else data.read()
        try:
            return check_upload(data.name or "", content)
        except RuleBroken as broken:
            raise forms.ValidationError(broken.sentence, code=broken.code) from None


@dataclass(frozen=True)
class PieceFields:
    """One part as the page shows it: its heading, its fields, and the file that is there already."""

    label: str
    fields: list[forms.BoundField]
    kept: HandInPiece | None


class HandInForm(forms.Form):
    # No field is called optional: each part needs the one or the other.
    is_search = True

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, files: Any = None, *, task: Task, hand_in: HandIn | None) -> None:
        self.task = task
        self.kept = {piece.number: piece for piece in hand_in.pieces.all()} if hand_in is not None else {}
        super().__init__(data, files, initial={"version": hand_in.version if hand_in is not None else 0})
        for number in range(1, task.pieces + 1):
            self._add_piece(number, self.kept.get(number))

    def _add_piece(self, number: int, kept: HandInPiece | None) -> None:
        if self.task.takes != Task.Takes.FILE:
            text = LongTextField(
                label=_("Your text"), required=False, max_length=LONGEST_TEXT, initial=kept.text if kept else "",
                widget=forms.Textarea(attrs={"rows": 8 if self.task.pieces == 1 else 5}),
            )  # fmt: skip
            self.fields[f"text_{number}"] = text
        if self.task.takes != Task.Takes.TEXT:
            has_file = kept is not None and kept.file_kind
            self.fields[f"file_{number}"] = HandInFileField(
                label=_("Another file instead") if has_file else _("A file"), required=False,
                widget=forms.FileInput(attrs={"accept": ACCEPT}),
                help_text=_("PDF, Word, ODT or a picture (JPEG, PNG, HEIC), at most %(size)d MB.")
                % {"size": LARGEST // 1024**2},
            )  # fmt: skip
            if has_file:
                self.fields[f"away_{number}"] = forms.BooleanField(label=_("Take the file away"), required=False)

    def parts(self) -> Iterator[PieceFields]:
        for number in range(1, self.task.pieces + 1):
            names = [f"text_{number}", f"away_{number}", f"file_{number}"]
            fields = [self[name] for name in names if name in self.fields]
            kept = self.kept.get(number)
            yield PieceFields(piece_label(self.task, number), fields, kept if kept and kept.file_kind else None)

    def pieces(self) -> list[Piece]:
        """What was filled in, as far as it can be used."""
        return [self._piece(number) for number in range(1, self.task.pieces + 1)]

    def _piece(self, number: int) -> Piece:
        # A text that can't be taken leaves the one that is kept where it is.
        text: str | None = None if f"text_{number}" in self.errors else self.cleaned_data.get(f"text_{number}", "")
        upload: Upload | None = self.cleaned_data.get(f"file_{number}")
        return Piece(text, upload, bool(self.cleaned_data.get(f"away_{number}")))

    def ask_for_files_again(self) -> None:
        """A browser sends a chosen file once: what was sent and not saved is said to be lost, where it was chosen."""
        for name in [name for name in self.fields if name.startswith("file_") and self.cleaned_data.get(name)]:
            self.add_error(name, _("Choose the file again: it was not saved."))

    def based_on(self) -> int | None:
        version: int | None = self.cleaned_data.get("version")
        return version


class ReadForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    word = LongTextField(
        label=gettext_lazy("A word back"),
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It comes to the person in a letter. Leave it empty, and no letter is sent."),
    )

    @classmethod
    def again(cls, typed: QueryDict, *, version: int) -> "ReadForm":
        """The same word, about what the page now shows."""
        data = typed.copy()
        data["version"] = str(version)
        return cls(data)
