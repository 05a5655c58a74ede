"""A person's own keys to the API: made, shown once, listed, revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.forms import ApiKeyForm
from people.models import Person
from people.queries import working_tokens
from people.services.tokens import make_token, revoke_token
from shared.rules import RuleBroken

# The key lies in the session between the form and the page that shows it, so that a reload makes no second one.
_NEW_KEY = "new_api_key"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    person, now = _who(request), timezone.now()
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, key = make_token(person, name=form.cleaned_data["name"], now=now, lasts=form.cleaned_data["lasts"])
        except RuleBroken as broken:
            form.add_error("name", broken.sentence)
        else:
            request.session[_NEW_KEY] = key
            return redirect("api_keys")
    context = {"form": form, "keys": working_tokens(person, now=now), "new_key": request.session.pop(_NEW_KEY, "")}
    return render(request, "people/api_keys.html", context)


@login_required
@require_POST
def revoke_api_key(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    token = get_object_or_404(working_tokens(_who(request), now=now), pk=pk)
    revoke_token(token, now=now)
    messages.success(request, _("The key “%(name)s” no longer opens anything.") % {"name": token.name})
    return redirect("api_keys")


def _who(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
