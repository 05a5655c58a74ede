"""How tasks and what is handed in are put into words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.hand_in_files import KINDS
from courses.models import HandInPiece, Task


def in_english() -> bool:
    return (get_language() or "sv").startswith("en")


def piece_label(task: Task, number: int) -> str:
    """ "Intervju 2"; nothing where there is only one part."""
    if task.pieces == 1:
        return ""
    name = (task.piece_name_en if in_english() else "") or task.piece_name or _("Part")
    return f"{name} {number}"


def file_label(piece: HandInPiece) -> str:
    """ "Anteckningar.pdf": the name it came with, and the ending of what it is."""
    kind = KINDS.get(piece.file_kind)
    return f"{piece.file_name}.{kind.extension}" if kind is not None else piece.file_name
