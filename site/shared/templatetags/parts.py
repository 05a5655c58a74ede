"""The recurring parts of a page: icons, links of the navigation, the language switch and the picture of the path."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, ChoiceField, ModelChoiceField, MultiWidget
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared.translated_addresses import address_in

register = template.Library()

OWN_NAMES = {"sv": "Svenska", "en": "English"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (script/vendor lists them). Silent to screen readers unless it is given a label."""
    return _icon(name, str(label))


# A list of methods shows some dozens, all alike; the sprite's address holds for as long as the process.
@lru_cache(maxsize=500)
def _icon(name: str, label: str) -> SafeString:
    source = static("vendor/aksel-icons/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, source, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', source, name)


@register.simple_tag(takes_context=True)
def shown_twice(context: Context, template_name: str) -> SafeString:
    """As `include`, for what stands twice in a page (in the bar and in the menu): rendered once."""
    assert context.template is not None
    kept: Any = context.render_context
    kept = kept.setdefault("shown_twice", {})
    if template_name not in kept:
        kept[template_name] = context.template.engine.get_template(template_name).render(context)
    return kept[template_name]


@register.simple_tag(takes_context=True)
def nav_link(context: Mapping[str, Any], url: str, label: str) -> SafeString:
    """One item of the navigation, marked when the page is it or stands below it."""
    path = getattr(context.get("request"), "path", "")
    current = "page" if path == url else "true" if len(url) > 1 and path.startswith(url) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a class="site-nav__link" href="{}"{}>{}</a></li>', url, mark, label)


@register.inclusion_tag("parts/language_switch.html", takes_context=True)
def language_switch(context: Mapping[str, Any]) -> dict[str, Any]:
    """Links to this page in the other languages; to their front page where this page has no translation."""
    request = context.get("request")
    if request is None:
        return {"languages": []}
    page = context.get("page")
    translations = getattr(page, "other_languages", None)
    if translations is None and hasattr(page, "get_translations"):
        translations = _translations_of(page)
    front = "/" if get_language() == settings.LANGUAGE_CODE else f"/{get_language()}/"
    languages = []
    for code, _name in settings.LANGUAGES:
        if code == get_language():
            continue
        if translations is None:
            url = address_in(code, request.path)
        else:
            url = translations.get(code) or address_in(code, front)
        languages.append({"code": code, "name": OWN_NAMES[code], "url": url})
    return {"languages": languages}


def _translations_of(page: Any) -> dict[str, str]:
    return {
        other.locale.language_code: other.url
        for other in page.get_translations(inclusive=False).live().select_related("locale")
    }


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The widget of a form field in Designsystemet's classes; what the form's author set on it is kept."""
    _name_choices(field)
    widget = field.field.widget
    # The page that says what is wrong begins there; of several the browser takes the first.
    wrong: dict[str, Any] = {"autofocus": True} if field.errors and not field.is_hidden else {}
    if field.use_fieldset or isinstance(widget, MultiWidget):
        return field.as_widget(attrs=wrong)
    attrs: dict[str, Any] = wrong | {"class": f"{widget.attrs.get('class', '')} ds-input".strip()}
    if getattr(widget, "input_type", "") in {"email", "password"}:
        # allauth repeats the label inside the box, where it vanishes as soon as someone types.
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


def _name_choices(field: BoundField) -> None:
    """Choices begin with a capital, as the labels do; the one that chooses nothing says what to do."""
    asked = field.field
    if isinstance(asked, ModelChoiceField):
        if asked.empty_label == "---------":
            asked.empty_label = _("Choose")
    elif isinstance(asked, ChoiceField) and isinstance(asked.choices, list):
        asked.choices = [
            (value, label if isinstance(label, (list, tuple)) else capfirst(label)) for value, label in asked.choices
        ]


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands beside it and not above."""
    return isinstance(field.field.widget, CheckboxInput)


@register.inclusion_tag("parts/path.html")
def path_picture(
    steps: Iterable[Any],
    current: int | None = None,
    done: Iterable[int] | None = None,
    size: str = "large",
    label: str = "",
) -> dict[str, Any]:
    """The picture of the six steps, the site's signature: {% path_picture steps current=2 done=done size="small" %}.

    `steps`: objects with `number`, `url` and `name` (or `title`), in order. `current` and `done` are numbers of steps:
    where the reader stands, and what is finished. `size`: "large" is a landscape with the names as signs, "scene" the
    same from edge to edge of the window under an opening, "small" a strip for navigation and progress.
    `label` names the navigation where a page has two of them.
    """
    finished = set(done or ())
    stops = []
    for step in steps:
        state = "current" if step.number == current else "done" if step.number in finished else "left"
        name = getattr(step, "name", None) or getattr(step, "title", "")
        stops.append(
            {
                "number": step.number,
                "name": name,
                "url": step.url,
                "state": state,
                "is_done": step.number in finished,
            }
        )
    # Named by number: to a template, a list's place is a key that is not there, and it searches on.
    walked = {
        str(number): before["is_done"] and (after["is_done"] or after["state"] == "current")
        for number, (before, after) in enumerate(pairwise(stops))
    }
    return {
        "stops": stops,
        "walked": walked,
        "walks": bool(finished),
        "size": size,
        "label": label,
        "tells_progress": done is not None,
        "here": next((stop for stop in stops if stop["state"] == "current"), None),
    }
