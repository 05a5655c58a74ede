"""The evaluation as the letter's link opens it: GET shows, POST answers, without a log-in, and no log says who."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from courses.ballot_box import FEWEST
from courses.evaluation_forms import EvaluationAnswerForm
from courses.evaluation_questions import read_questions
from courses.models import Ballot
from courses.services.ballots import read_ballot_token, spend_ballot
from courses.services.evaluating import last_day_of
from shared.rules import RuleBroken


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The signed address is all the authority there is, so no cookie could lend it any; hence no CSRF token either."""
    request.path_to_log = "/utvardering/…"  # type: ignore[attr-defined]  # read by config.middleware: it names a ballot
    known = read_ballot_token(token)
    if known is None:
        raise Http404
    evaluation, ballot = known
    # An answer without a single field is one too: nothing was chosen.
    sent = request.POST if request.method == "POST" else None
    form = EvaluationAnswerForm(sent, questions=read_questions(evaluation.form.questions))
    status, broken = 200, None
    if request.method == "POST":
        try:
            if form.is_valid():
                spend_ballot(evaluation, ballot, answer=form.answer(), now=timezone.now())
                return _nobody(request, redirect("evaluate", token=token))
            status = 422
        except RuleBroken as rule:
            broken, status = rule, 422 if rule.code == "nothing_answered" else 409
            form.add_broken_rule(rule)
    state = "closed" if evaluation.closed_on or timezone.now() >= evaluation.closes_at else _state_of(ballot)
    context: dict[str, Any] = {
        "form": form,
        "state": state,
        "broken": broken,
        "occasion": evaluation.occasion,
        "course": evaluation.occasion.course,
        "sessions": list(evaluation.occasion.sessions.all()),
        "last_day": last_day_of(evaluation),
        "fewest": FEWEST,
    }
    return _nobody(request, render(request, "courses/evaluate.html", context, status=status))


def _state_of(ballot: Any) -> str:
    is_spent = Ballot.objects.filter(pk=ballot).values_list("is_spent", flat=True).first()
    if is_spent is None:
        raise Http404
    return "spent" if is_spent else "open"


def _nobody(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page's head greets who is logged in; the log must not say who answered when."""
    vars(request).pop("_cached_user", None)
    response["Referrer-Policy"] = "no-referrer"
    return response
