"""The sealed box of an open evaluation: what is in it, and how it is read and written.

In the box the answers lie by question, shuffled: not even here does anything tell which of them came from one person.
It is encrypted with a key that stands in no table, so that a copy of the database, its log or a backup of a day
when the box was open shows neither the answers nor, laid beside the copy of another day, which one was added.
"""

import json
import random
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from courses.evaluation_questions import VALUES, Question

# Results are shown, and kept, from so many answers up: of the whole, and of each question.
FEWEST = 5
_NONCE = 12
# The sealed box grows by leaps, so that its size does not tell who wrote much.
_LEAP = 32 * 1024
_CHANCE = random.SystemRandom()

Answer = int | str


class Unreadable(Exception):  # noqa: N818 - the box is there, but not for this key
    """The box was sealed with a key that the settings no longer hold."""


@dataclass
class Box:
    """By the key of the question, what was answered to it."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def put(self, answer: Mapping[str, Answer]) -> None:
        for question, said in answer.items():
            lying = self.answers.setdefault(question, [])
            lying.append(said)
            _CHANCE.shuffle(lying)


@dataclass(frozen=True)
class Count:
    """What may be known: how many chose each value, and the words. Of fewer than five, nothing."""

    figures: dict[str, dict[int, int]]
    texts: dict[str, list[str]]


def count(box: Box, *, answered: int, questions: Iterable[Question]) -> Count:
    """Figures of questions that at least five answered. Words hide among all who answered, not only those who wrote."""
    figures: dict[str, dict[int, int]] = {}
    texts: dict[str, list[str]] = {}
    if answered < FEWEST:
        return Count(figures, texts)
    for question in questions:
        said = box.answers.get(question.key, [])
        if question.is_scale and len(said) >= FEWEST:
            times = Counter(said)
            figures[question.key] = {value: times[value] for value in VALUES}
        elif not question.is_scale and said:
            texts[question.key] = _CHANCE.sample([str(words) for words in said], len(said))
    return Count(figures, texts)


def seal(box: Box, *, name: str) -> bytes:
    """`name` is the evaluation's: a box opened under another name is refused."""
    plain = json.dumps(box.answers, ensure_ascii=False).encode()
    plain += b" " * (-len(plain) % _LEAP)
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(settings.SECRET_KEY, name)).encrypt(nonce, plain, name.encode())


def unseal(sealed: bytes, *, name: str) -> Box:
    """Raises Unreadable if neither the secret key nor one of those before it sealed this."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = AESGCM(_key(str(secret), name)).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except InvalidTag:
            continue
        return Box(json.loads(plain))
    raise Unreadable(name)


def _key(secret: str, name: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"courses.ballot_box {name}".encode())
    return derived.derive(secret.encode())
