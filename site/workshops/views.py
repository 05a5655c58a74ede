"""Pages of the workshops: the list, planning one, joining by code, the agenda with the time."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journeys.rules import readable
from people.models import Person
from shared.rules import RuleBroken
from workshops.forms import JoinForm, WorkshopForm
from workshops.models import Workshop
from workshops.queries import participant_of, time_plan, workshops_of
from workshops.rules import may_lead, may_plan_workshops
from workshops.services.guessing import find_by_code, name_of_address
from workshops.services.workshops import close_workshop, join_workshop, new_guest_key, plan_workshop

_GUEST_KEY = "workshop_guest_key"


@require_safe
@login_required
def workshops(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    assert person is not None
    context = {"workshops": workshops_of(person), "may_plan": may_plan_workshops(person)}
    return render(request, "workshops/workshops.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_workshop(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if person is None or not may_plan_workshops(person):
        raise Http404
    form = WorkshopForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_workshop(**form.cleaned_data, by=person)
        except RuleBroken as broken:
            form.add_error("agenda", broken.sentence)
        else:
            return redirect("workshop", made.pk)
    return render(request, "workshops/new_workshop.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """By the code, with or without an account. A link may carry the code; joining is always a click of one's own."""
    person = _person(request)
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, is_guest=person is None, initial={"code": request.GET.get("kod", "")[:20]})
    status = 200
    if form.is_valid():
        try:
            joined = _join(request, form, person)
        except RuleBroken as broken:
            form.add_error("code", broken.sentence)
            status = 429 if broken.code == "too_many_guesses" else 200
        else:
            if joined is not None:
                return redirect("workshop", joined.pk)
            form.say_unknown()
    return render(request, "workshops/join.html", {"form": form, "is_guest": person is None}, status=status)


def _join(request: HttpRequest, form: JoinForm, person: Person | None) -> Workshop | None:
    asker = f"person {person.pk}" if person else name_of_address(get_adapter().get_client_ip(request))
    now = timezone.now()
    found = find_by_code(form.cleaned_data["code"], asker=asker, is_guest=person is None, now=now)
    if found is not None:
        key = "" if person else _guest_key(request)
        join_workshop(found, person=person, guest_name=form.cleaned_data.get("name", ""), guest_key=key, now=now)
    return found


@never_cache
@require_safe
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """For who leads it and who has joined it; nobody else learns that it exists."""
    shown = get_object_or_404(Workshop.objects.select_related("journey", "facilitator"), pk=pk)
    person = _person(request)
    leads = person is not None and may_lead(person, shown)
    if not leads and participant_of(shown, person=person, guest_key=request.session.get(_GUEST_KEY, "")) is None:
        raise Http404
    context = {
        "workshop": shown,
        "plan": time_plan(shown, now=timezone.now()),
        "participants": shown.participants.select_related("person").order_by("joined_at", "id"),
        "leads": leads,
        "may_read_journey": person is not None and readable(person).filter(pk=shown.journey_id).exists(),
    }
    return render(request, "workshops/workshop.html", context)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request)
    closed = get_object_or_404(Workshop, pk=pk)
    if person is None or not may_lead(person, closed):
        raise Http404
    close_workshop(closed, now=timezone.now())
    return redirect("workshop", pk)


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def _guest_key(request: HttpRequest) -> str:
    """The browser's own key: it lies in the guest's session, and only its digest in the workshop."""
    return request.session.setdefault(_GUEST_KEY, new_guest_key())
