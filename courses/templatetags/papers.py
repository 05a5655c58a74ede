"""How a certificate reads in a template."""

from django import template

from courses.paper.certificates import hours_in_words

register = template.Library()
register.filter("hours_in_words", hours_in_words)
