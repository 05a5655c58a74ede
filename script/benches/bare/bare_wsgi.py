"""One server, two doors: /bare/ goes past every middleware, everything else is the site as it is."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bare_settings"

from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from config.settling import settle

django.setup(set_prefix=False)
site = WSGIHandler()
with override_settings(MIDDLEWARE=[]):
    bare = WSGIHandler()
assert settings.MIDDLEWARE
settle()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return (bare if environ["PATH_INFO"].startswith("/bare/") else site)(environ, start_response)
