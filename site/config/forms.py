"""How every form of the site is drawn: label, help, error at the field, and a summary above when something is wrong."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
