"""The sentences of the editor's script, in the reader's language."""

from django.utils.translation import gettext as _

from journeys.models import Lane, Note


def feeling_words() -> dict[int, str]:
    return {2: _("wonderful"), 1: _("good"), 0: _("so-so"), -1: _("hard"), -2: _("terrible")}


def evidence_words() -> dict[str, str]:
    """Short, for the mark on a note."""
    return {
        Note.Evidence.ASSUMPTION: _("Assumption"),
        Note.Evidence.STAFF: _("Staff"),
        Note.Evidence.CITIZEN: _("Citizens"),
        Note.Evidence.DATA: _("Data"),
    }


def legend() -> list[tuple[str, str]]:
    """What the marks on the notes mean, from the weakest to the strongest."""
    means = (
        _("we believe so, nobody has asked"),
        _("those who work with it say so"),
        _("those who live through it say so"),
        _("figures show it"),
    )
    return list(zip(evidence_words().values(), means, strict=True))


def editor_texts() -> dict[str, object]:
    return {
        "evidence": {str(key): word for key, word in evidence_words().items()},
        "evidenceLong": {value: str(label) for value, label in Note.Evidence.choices},
        "colours": {value: str(label) for value, label in Note.Colour.choices},
        "feelings": {str(key): word for key, word in feeling_words().items()},
        "kinds": {value: str(label) for value, label in Lane.Kind.choices},
        "noFeeling": _("not said"),
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "offline": _("No contact – kept here"),
        "loggedOut": _("You are logged out – what you wrote is kept here"),
        "logIn": _("Log in again"),
        "closed": _("You may no longer change this journey. What you wrote is kept here."),
        "add": _("Note"),
        "addIn": _("Add a note in %s"),
        "edit": _("Change"),
        "move": _("Move to…"),
        "remove": _("Remove"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "undo": _("Undo"),
        "close": _("Close"),
        "noteText": _("What does the note say?"),
        "howWeKnow": _("How do we know?"),
        "colour": _("Colour"),
        "hintKeys": _("Enter saves · Shift+Enter new line · Escape cancels"),
        "title": _("Title"),
        "addStep": _("Add a step"),
        "addStepAfter": _("Add a step after this"),
        "addPhase": _("Add a phase"),
        "addLane": _("Add a row"),
        "newStep": _("New step"),
        "newPhase": _("New phase"),
        "newLane": _("New row"),
        "noStep": _("No step yet"),
        "phase": _("Phase"),
        "step": _("Step"),
        "lane": _("Row"),
        "place": _("Place"),
        "first": _("First"),
        "after": _("After “%s”"),
        "moveHere": _("Move here"),
        "moveWhat": _("Move “%s”"),
        "feeling": _("How does it feel?"),
        "feelingAt": _("%1$s: feels %2$s"),
        "removedNote": _("The note was removed."),
        "removedStep": _("The step and its notes were removed."),
        "removedLane": _("The row and its notes were removed."),
        "removedPhase": _("The phase and its steps were removed."),
        "moved": _("Moved to %s."),
        "undone": _("Undone."),
        "thrown": _("What you typed was put aside."),
        "takeBack": _("Take it back"),
        "draftKept": _("What you were writing is still here."),
        "compare": _("Compare"),
        "conflictOne": _("One text to compare"),
        "conflictMany": _("%s texts to compare"),
        "conflictTitle": _("Two of you changed the same"),
        "conflictLead": _("Nothing is lost. Choose what should stand on the map."),
        "yours": _("You wrote"),
        "theirs": _("%s wrote"),
        "someone": _("Someone else"),
        "theyRemoved": _("%s removed it"),
        "useMine": _("Use mine"),
        "keepTheirs": _("Keep the other"),
        "merge": _("Write them together"),
        "putBack": _("Put it back with my text"),
        "leaveAway": _("Let it stay away"),
        "tryAgain": _("Try again"),
        "throwAway": _("Throw away"),
        "refusedTitle": _("This could not be saved"),
        "otherMoved": _("%s had already moved or changed it. It stands as it stands now."),
        "otherChanged": _("%s has just changed the note."),
        "removeAnyway": _("Remove anyway"),
        "theyAdded": _("%1$s added a note in %2$s"),
        "theyChanged": _("%1$s changed %2$s"),
        "theyChangedMany": _("%1$s changes by others"),
        "aNote": _("a note"),
        "note": _("Note"),
        "in": _("%1$s, %2$s"),
        "stepOf": _("Step %1$s of %2$s"),
        "previous": _("Previous step"),
        "next": _("Next step"),
        "empty": _("Empty"),
        "curveTable": _("The emotion curve as a table"),
        "grid": _("The journey as a grid of rows and steps"),
        "more": _("More"),
        "print": _("Print"),
        "addWhat": _("Add"),
        "tellMe": _("Tell me what others do"),
        "keysTitle": _("Keys"),
        "keys": [
            ("← ↑ → ↓", _("walk in the map")),
            ("Enter", _("change what you stand on")),
            ("Escape", _("leave without changing")),
            ("N", _("new note in the cell, new step, new row")),
            ("M", _("move to…")),
            ("Alt+←↑→↓", _("move one place")),
            ("Delete", _("remove")),
            ("Ctrl+Z", _("undo")),
            ("+ -", _("change the feeling")),
            ("?", _("this list")),
        ],
        "writtenBy": _("Written by %s"),
    }
