"""The living style page: every shared component with its markup, for those who build rooms. Not in production."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Stop:
    number: int
    name: str
    url: str = "#"


STOPS = [
    Stop(number, name)
    for number, name in enumerate(
        ["Ringa in", "Undersöka", "Fokusera", "Ta fram idéer", "Testa idéer", "Förverkliga"], start=1
    )
]


class SampleForm(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som det ska stå på kursbeviset.", max_length=40)
    email = forms.EmailField(label="E-post", required=False)
    unit = forms.ChoiceField(label="Förvaltning", choices=[("", "Välj"), ("b", "Barn- och utbildningsförvaltningen")])
    note = forms.CharField(label="Något vi bör veta?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    shape = forms.ChoiceField(
        label="Var deltar du?", widget=forms.RadioSelect, choices=[("room", "På plats"), ("remote", "På distans")]
    )
    agree = forms.BooleanField(label="Jag har pratat med min chef")


def style_page(request: HttpRequest) -> HttpResponse:
    if "message" in request.GET:
        messages.success(request, "Du har bokat en plats. Vi har skickat en kalenderinbjudan till dig.")
        messages.error(request, "Kurstillfället är fullt. Ställ dig på väntelistan så hör vi av oss.")
    filled = SampleForm({"name": "", "email": "anna@", "unit": "b"})
    context = {"stops": STOPS, "form": SampleForm(), "filled": filled, "walked": [1, 2]}
    return render(request, "style/style.html", context)
