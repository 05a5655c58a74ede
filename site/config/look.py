"""What browsers are told of the theme outside stylesheets: read from theme.css, so that it stands there alone."""

import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

THEME = settings.SITE / "static" / "theme" / "theme.css"
GROUND = "neutral-background-default"
STRONG = "accent-base-default"


@cache
def theme_colour(name: str) -> tuple[str, str]:
    """The colour `--ds-color-NAME` of the theme, in light and in dark."""
    pattern = rf"--ds-color-{re.escape(name)}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)"
    found = re.search(pattern, THEME.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"{THEME.name} gives no --ds-color-{name}: light-dark(#rrggbb, #rrggbb)")
    return found[1], found[2]


@require_safe
@cache_control(public=True, max_age=3600)
def web_manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows when someone puts the site among the apps."""
    return JsonResponse(
        {
            "name": f"Stigen, {settings.MUNICIPALITY}",
            "short_name": "Stigen",
            "lang": settings.LANGUAGE_CODE,
            "start_url": "/",
            "display": "browser",
            "background_color": theme_colour(GROUND)[0],
            "theme_color": theme_colour(STRONG)[0],
            "icons": [
                {"src": static(f"theme/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
                for size in (192, 512)
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
