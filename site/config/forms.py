"""How every form of the site is drawn: label, help, error at the field, and a summary above when something is wrong."""

from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

# What Django and REST framework say when a field is wrong, in our own plain Swedish: a sentence of our catalogue goes
# before theirs, in forms and in the API.
PLAIN = (
    _("This field is required."),
    _("This field may not be blank."),
    _("This field may not be null."),
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Select a valid choice. That choice is not one of the available choices."),
)


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
