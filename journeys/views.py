"""Pages of the journeys: the list, the map, its settings, and a plain form for a note."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from journeys.forms import MemberForm, NewJourneyForm, NoteForm, SettingsForm
from journeys.models import Journey, JourneyMember, Lane, Note, Step
from journeys.queries import my_journeys, open_journeys, whole_map
from journeys.rules import may_change, may_make_journeys, readable, role_of
from journeys.services.journeys import (
    add_member,
    create_journey,
    describe_journey,
    find_colleague,
    remove_member,
)
from journeys.services.operations import Asked, apply_operations
from journeys.sheet import lay_out
from journeys.texts import editor_texts, legend
from people.requests import person_of
from shared.rules import RuleBroken


@login_required
@require_safe
def journeys(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "journeys/journeys.html",
        {
            "mine": my_journeys(person_of(request)),
            "others": open_journeys(person_of(request)),
            "may_make": may_make_journeys(person_of(request)),
        },
    )


@login_required
def new_journey(request: HttpRequest) -> HttpResponse:
    if not may_make_journeys(person_of(request)):
        raise Http404
    form = NewJourneyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_journey(**form.cleaned_data, by=person_of(request), now=timezone.now())
        except RuleBroken as no:
            form.add_error(None, no.sentence)
        else:
            return redirect("journey", made.pk)
    return render(request, "journeys/new_journey.html", {"form": form})


@login_required
@never_cache
@require_safe
def journey(request: HttpRequest, pk: int) -> HttpResponse:
    journey, role = _find(request, pk)
    journey_map = whole_map(journey)
    data = {
        "map": {**journey_map.as_json(), "role": role},
        "me": {"id": request.user.pk, "name": str(request.user)},
        "texts": editor_texts(),
        "urls": {
            "map": reverse("api_journey", args=[pk]),
            "operations": reverse("api_journey_operations", args=[pk]),
            "events": reverse("api_journey_events", args=[pk]),
            "login": f"{reverse('account_login')}?next={request.path}",
        },
    }
    return render(
        request,
        "journeys/journey.html",
        {
            "journey": journey_map.journey,
            "sheet": lay_out(journey_map),
            "data": data,
            "role": role,
            "may_change": may_change(role),
            "legend": legend(),
        },
    )


@login_required
def journey_settings(request: HttpRequest, pk: int) -> HttpResponse:
    journey, role = _find(request, pk)
    if role != JourneyMember.Role.OWNER:
        raise Http404
    first = {
        "title": journey.title,
        "aim": journey.aim,
        "state": journey.state,
        "visibility": journey.visibility,
        "persona": journey.persona.name if journey.persona else "",
        "based_on": journey.revision,
    }
    form = SettingsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and _save_settings(request, journey, form):
        return redirect("journey", pk)
    return _settings_page(request, journey, form=form)


def _save_settings(request: HttpRequest, journey: Journey, form: SettingsForm) -> bool:
    given = form.cleaned_data
    changed = {name: given[name] for name in ("title", "aim", "state") if given[name] != getattr(journey, name)}
    try:
        if changed:
            asked = Asked(uuid.uuid4(), "change_journey", None, given["based_on"], changed)
            answer = apply_operations(journey, operations=[asked], by=person_of(request), now=timezone.now())
            if sentence := answer.results[0].sentence:
                form.add_error(None, sentence)
                return False
        describe_journey(
            journey,
            visibility=given["visibility"],
            persona=given["persona"],
            by=person_of(request),
            now=timezone.now(),
        )
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return False
    messages.success(request, _("The journey was saved."))
    return True


def _settings_page(request: HttpRequest, journey: Journey, **forms: Any) -> HttpResponse:
    members = journey.members.select_related("person").order_by("person__sort_key", "person_id")
    context = {"journey": journey, "members": members, "member_form": MemberForm(), "form": None, **forms}
    return render(request, "journeys/settings.html", context)


@login_required
@require_POST
def journey_member(request: HttpRequest, pk: int) -> HttpResponse:
    journey, role = _find(request, pk)
    if role != JourneyMember.Role.OWNER:
        raise Http404
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            person = find_colleague(form.cleaned_data["who"])
            add_member(journey, person=person, role=form.cleaned_data["role"], by=person_of(request))
        except RuleBroken as no:
            form.add_error("who", no.sentence)
        else:
            messages.success(request, _("%(name)s takes part now.") % {"name": person})
            return redirect("journey_settings", pk)
    first = {name: getattr(journey, name) for name in ("title", "aim", "state", "visibility")}
    first |= {"persona": journey.persona.name if journey.persona else "", "based_on": journey.revision}
    return _settings_page(request, journey, form=SettingsForm(initial=first), member_form=form)


@login_required
@require_POST
def leave_journey(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    journey, role = _find(request, pk)
    member = journey.members.filter(person_id=person).select_related("person").first()
    if member is None or (role != JourneyMember.Role.OWNER and member.person != request.user):
        raise Http404
    try:
        remove_member(journey, person=member.person, by=person_of(request))
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("%(name)s no longer takes part.") % {"name": member.person})
    return redirect("journeys" if member.person == request.user else "journey_settings", *_only_if(member, request, pk))


def _only_if(member: JourneyMember, request: HttpRequest, pk: int) -> list[int]:
    return [] if member.person == request.user else [pk]


@login_required
def new_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note without a script: the cell is given as ?step=…&lane=…."""
    journey = _find_to_change(request, pk)
    step = _in_journey(Step, journey, request.GET.get("step"))
    lane = _in_journey(Lane, journey, request.GET.get("lane"))
    names = {"operation": uuid.uuid4(), "target": uuid.uuid4(), "based_on": journey.revision}
    form = NoteForm(request.POST or None, initial=names)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        fields = {"step": str(step.pk), "lane": str(lane.pk)}
        fields |= {name: given[name] for name in ("text", "evidence", "colour")}
        asked = Asked(given["operation"], "add_note", given["target"], given["based_on"], fields)
        if _done(request, journey, form, [asked]):
            return redirect(f"{reverse('journey', args=[pk])}#note-{given['target']}")
    return render(request, "journeys/note.html", {"journey": journey, "step": step, "lane": lane, "form": form})


@login_required
def note(request: HttpRequest, pk: int, note: uuid.UUID) -> HttpResponse:
    """Change or remove a note without a script; two who change the same see both texts."""
    journey = _find_to_change(request, pk)
    row = get_object_or_404(Note.objects.select_related("step", "lane"), journey=journey, id=note, removed_at=None)
    first = {name: getattr(row, name) for name in ("text", "evidence", "colour")}
    names = {"operation": uuid.uuid4(), "target": row.id, "based_on": journey.revision}
    form = NoteForm(request.POST or None, initial={**first, **names})
    context = {"journey": journey, "step": row.step, "lane": row.lane, "note": row, "form": form}
    if request.method == "POST" and "remove" in request.POST:
        asked = Asked(uuid.uuid4(), "remove_note", row.id, journey.revision, {})
        if _done(request, journey, form, [asked]):
            messages.success(request, _("The note was removed."))
            return redirect("journey", pk)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changed = {name: given[name] for name in first if given[name] != first[name]}
        asked = Asked(given["operation"], "change_note", row.id, given["based_on"], changed)
        if not changed or _done(request, journey, form, [asked]):
            return redirect(f"{reverse('journey', args=[pk])}#note-{row.id}")
        row.refresh_from_db()
        # What was typed stays in the form; sent again, it is meant.
        again = {"based_on": str(journey.revision), "operation": str(uuid.uuid4())}
        form.data = {**request.POST.dict(), **again}
        context["theirs"] = row.text
    return render(request, "journeys/note.html", context)


def _done(request: HttpRequest, journey: Journey, form: NoteForm, asked: list[Asked]) -> bool:
    try:
        results = apply_operations(journey, operations=asked, by=person_of(request), now=timezone.now()).results
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return False
    for result in results:
        if result.sentence:
            form.add_error("text" if result.code and result.code.startswith("text_") else None, result.sentence)
    return all(result.outcome in {"applied", "known"} for result in results)


def _find(request: HttpRequest, pk: int) -> tuple[Journey, str | None]:
    journey = get_object_or_404(readable(person_of(request)).select_related("persona"), pk=pk)
    return journey, role_of(person_of(request), journey)


def _find_to_change(request: HttpRequest, pk: int) -> Journey:
    journey, role = _find(request, pk)
    if not may_change(role):
        raise Http404
    return journey


def _in_journey(model: Any, journey: Journey, text: str | None) -> Any:
    try:
        row_id = uuid.UUID(text or "")
    except ValueError:
        raise Http404 from None
    return get_object_or_404(model, journey=journey, id=row_id, removed_at=None)
