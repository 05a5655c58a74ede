"""How a certificate reads in a template."""

import datetime as dt

from django import template

from courses.paper.certificates import hours_in_words

register = template.Library()
register.filter("hours_in_words", hours_in_words)


@register.filter
def day_of_text(text: str) -> dt.date:
    """ "2027-03-02", as the parts of a certificate keep it."""
    return dt.date.fromisoformat(text)
