"""`manage.py api_token EMAIL`: a personal key to the API, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import Person
from people.services.tokens import make_token


class Command(BaseCommand):
    help = "Makes a personal key to the API and prints it once; it is stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="manage.py api_token")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody who may log in has the address {email}.")
        _token, key = make_token(person, name=name, now=timezone.now())
        self.stdout.write(key)
