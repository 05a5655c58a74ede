"""Deploy checks of our own: what `manage.py check --deploy` says beside Django's."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Hint

SHORTEST_KEY = 50


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Every finding at once, so that a deployment is put right in one go."""
    return [
        finding for finding in (_environment(), _debug(), _demo(), _key(), _address(), _hosts(), _proxy()) if finding
    ]


def _environment() -> CheckMessage | None:
    if settings.PRODUCTION:
        return None
    return Error(
        f"STIGEN_ENV is {settings.ENVIRONMENT}, not production.",
        hint="Leave STIGEN_ENV out, or set it to production: only then are secrets demanded.",
        id="stigen.E001",
    )


def _debug() -> CheckMessage | None:
    if not settings.DEBUG:
        return None
    return Error("STIGEN_DEBUG shows visitors the site's inside.", hint="Leave STIGEN_DEBUG out.", id="stigen.E002")


def _demo() -> CheckMessage | None:
    if not settings.DEMO:
        return None
    return Error(
        "STIGEN_DEMO shows everyone log-ins with a known password.",
        hint="Leave STIGEN_DEMO out, and begin with an empty database where the demo has been loaded.",
        id="stigen.E003",
    )


def _key() -> CheckMessage | None:
    if len(settings.SECRET_KEY) >= SHORTEST_KEY and len(set(settings.SECRET_KEY)) >= 10:
        return None
    return Error(
        f"SECRET_KEY is shorter than {SHORTEST_KEY} signs or easily guessed.",
        hint="python3 -c 'import secrets; print(secrets.token_urlsafe(50))' makes a good one.",
        id="stigen.E004",
    )


def _address() -> CheckMessage | None:
    if urlsplit(settings.SITE_URL).scheme == "https":
        return None
    return Error(
        f"SITE_URL is {settings.SITE_URL}: people would log in over a line that others can read.",
        hint="Put a proxy with TLS in front and set SITE_URL to its https address (docs/running.md).",
        id="stigen.E005",
    )


def _hosts() -> CheckMessage | None:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        return Error(
            "ALLOWED_HOSTS allows every host: anyone can have letters written with an address of theirs in the links.",
            hint=f"ALLOWED_HOSTS={host}",
            id="stigen.E006",
        )
    if any(host == name or (name.startswith(".") and host.endswith(name)) for name in settings.ALLOWED_HOSTS):
        return None
    return Error(
        f"ALLOWED_HOSTS does not name the host of SITE_URL, {host}: nobody would get in.",
        hint=f"ALLOWED_HOSTS={host}",
        id="stigen.E007",
    )


def _proxy() -> CheckMessage | None:
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or urlsplit(settings.SITE_URL).scheme != "https":
        return None
    return Hint(
        "SITE_URL is https, but TRUSTED_PROXIES is 0: the site can't see that a request came over TLS, and takes every "
        "visitor for the proxy.",
        hint="Set TRUSTED_PROXIES to the number of proxies in front (1 in docker-compose.yml).",
        id="stigen.W001",
    )
