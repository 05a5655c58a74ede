"""The sentences that the scripts of the attendance list say."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.services.attendance import TakenBack


def say_what_was_undone(done: TakenBack) -> str:
    """ "Ångrat: 12 personer är inte längre markerade. 1 markering har ändrats sedan dess och står kvar." """
    says = _("There is nothing more to undo.")
    if done.count:
        says = ngettext(
            "Undone: %(count)d person is no longer marked.",
            "Undone: %(count)d people are no longer marked.",
            done.count,
        ) % {"count": done.count}
    if not done.left:
        return says
    left = ngettext(
        "%(count)d mark has been changed since and stands.",
        "%(count)d marks have been changed since and stand.",
        done.left,
    )
    return f"{says} {left % {'count': done.left}}"


def texts_of_the_list() -> dict[str, str]:
    return texts_of_waiting_marks() | {
        "count": _("%1$s of %2$s marked, %3$s here"),
        "confirmOne": _("Confirm 1 who says to be here"),
        "confirmMany": _("Confirm %s who say to be here"),
        "waits": _("waits for the network"),
        "minutes": _("%s minutes"),
        "sent": _("Everything is sent."),
        "pressedOne": _("You marked the rest as present: 1 person. You can undo it when it is sent."),
        "pressedMany": _("You marked the rest as present: %s people. You can undo it when it is sent."),
        "notUndone": _("The site does not answer. Try again."),
        "yours": _("You marked: %s."),
        "useMine": _("Use my mark"),
        "letStand": _("Let it stand"),
        "close": _("Close"),
    }


def texts_of_the_kept_list() -> dict[str, str]:
    """What the list says when a browser opens it without network."""
    return texts_of_the_list() | {
        "offline": _("Kept list from %s, you are without network. Marks wait here until it is back."),
        "silent": _("Kept list from %s, the site does not answer. Marks wait here until it does."),
    }


def texts_of_waiting_marks() -> dict[str, str]:
    return {
        "waitingOne": _("1 mark of attendance waits for the network. It is kept in this browser."),
        "waitingMany": _("%s marks of attendance wait for the network. They are kept in this browser."),
        "loggedOutOne": _("You are logged out. 1 mark of attendance is kept here until you log in again."),
        "loggedOutMany": _("You are logged out. %s marks of attendance are kept here until you log in again."),
        "logIn": _("Log in"),
        "someoneElse": _("Someone else has logged in in this browser. What you marked is kept until you log in again."),
        "closed": _("You no longer lead this occasion, so the marks can't be sent. They are kept in this browser."),
        "trouble": _("The site does not answer as it should. The marks are kept in this browser and sent again soon."),
    }
