"""`manage.py api_token EMAIL`: a personal key to the API, printed once."""

import datetime as dt
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import Person
from people.services.tokens import make_token
from shared.rules import RuleBroken


class Command(BaseCommand):
    help = "Makes a personal key to the API and prints it once; it is stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="what the key is for; the page of keys shows it")
        parser.add_argument("--days", type=int, help="how long it works; until it is revoked when left out")

    def handle(self, *args: Any, email: str, name: str, days: int | None, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody who may log in has the address {email}.")
        lasts = dt.timedelta(days=days) if days else None
        try:
            _token, key = make_token(
                person, name=name or f"api_token {secrets.token_hex(3)}", now=timezone.now(), lasts=lasts
            )
        except RuleBroken as broken:
            raise CommandError(broken.sentence) from None
        self.stdout.write(key)
