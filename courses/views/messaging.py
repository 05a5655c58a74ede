"""A message to the people of an occasion: written, looked at with those who get it, sent once, and kept in a log."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.message_forms import MessageForm, says_to
from courses.models import Occasion, OccasionMessage
from courses.services.messaging import Address, letter_of, receivers_of, send_message
from courses.views.leading import led_occasion
from letters.models import Letter
from people.requests import person_of
from shared.rules import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the form; a first POST shows what will be sent to whom; a second one sends it."""
    occasion = led_occasion(request, pk)
    form = MessageForm(request.POST or None, occasion=occasion)
    context: dict[str, Any] = {"occasion": occasion, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and "send" in request.POST and _sent(request, occasion, form):
            return redirect("messages_to_people", pk=pk)
        if form.is_valid():
            people = list(receivers_of(occasion, form.address))
            if people:
                status = 200
                context |= _preview(request, occasion, form, people) | {"has_changed": "send" in request.POST}
            else:
                form.add_error("to", _("There is nobody to write to there."))
    context["sent"] = [{"message": each, "to": says_to(Address(each.circle, each.session))} for each in _log(occasion)]
    return render(request, "courses/message.html", context, status=status)


def _sent(request: HttpRequest, occasion: Occasion, form: MessageForm) -> bool:
    """Whether it is on its way; if not, the form tells why, or the list has changed since it was shown."""
    asked = form.cleaned_data
    try:
        message, _is_new = send_message(
            occasion,
            key=asked["key"],
            to=form.address,
            subject=asked["subject"],
            text=asked["text"],
            by=person_of(request),
            now=timezone.now(),
            shown=asked["seen"],
        )
    except RuleBroken as broken:
        if broken.code != "list_changed":  # then it is shown anew
            form.add_broken_rule(broken)
        return False
    count = message.receivers.count()
    says = ngettext("Your message goes to %(count)s person.", "Your message goes to %(count)s people.", count)
    messages.success(request, says % {"count": number_format(count, decimal_pos=0, force_grouping=True)})
    return True


def _preview(request: HttpRequest, occasion: Occasion, form: MessageForm, people: list[Any]) -> dict[str, Any]:
    asked = form.cleaned_data
    draft = OccasionMessage(
        occasion=occasion, subject=asked["subject"], text=asked["text"], by=person_of(request), circle=asked["to"]
    )
    return {"preview": letter_of(draft, person=people[0]), "people": people, "to": says_to(form.address)}


def _log(occasion: Occasion) -> QuerySet[Any]:
    """The newest first, each with how many it went to and how many of those letters have left."""
    left = Count("receivers", filter=Q(receivers__letter__state=Letter.State.SENT))
    sent = OccasionMessage.objects.filter(occasion=occasion).select_related("by", "session")
    return sent.annotate(count=Count("receivers"), left=left).order_by("-id")[:50]
