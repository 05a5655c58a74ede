"""What a form says when something is wrong: plain, ours, and the same in the API."""

from django import forms
from django.utils.translation import override
from rest_framework import serializers

from letters.forms import LetterSearchForm


class Wrong(forms.Form):
    name = forms.CharField()
    email = forms.EmailField()
    day = forms.DateField()


def test_a_form_says_what_to_do_in_plain_swedish():
    with override("sv"):
        errors = Wrong({"name": "", "email": "anna@", "day": "2027-02-30"}).errors
        assert errors["name"] == ["Fyll i det här."]
        assert errors["email"] == ["Skriv en hel e-postadress, till exempel namn@kommunen.se."]
        assert errors["day"] == ["Skriv ett datum som finns, till exempel 2027-03-02."]


def test_the_api_says_the_same():
    class Body(serializers.Serializer):
        name = serializers.CharField()

    with override("sv"):
        for body in ({}, {"name": ""}, {"name": None}):
            form = Body(data=body)
            assert not form.is_valid()
            assert [str(each) for each in form.errors["name"]] == ["Fyll i det här."]


def test_a_search_calls_none_of_its_fields_optional():
    with override("sv"):
        assert "valfritt" not in str(LetterSearchForm()["address"].as_field_group())
        assert "valfritt" in str(type("Other", (LetterSearchForm,), {"is_search": False})()["address"].as_field_group())
