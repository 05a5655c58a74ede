"""The words of all that can be found, kept in memory for as long as nothing has changed.

Forgiving a missing dot, a compound or a typing mistake means looking at every word there is. In memory that takes a
millisecond; the database only says which edition of the words is the current one.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from guide.models import SearchWord
from guide.search.words import plain

# What joins the parts of a Swedish compound: "handling-s-plan", "tjänst-e-design".
GLUE = ("s", "e", "a", "o", "u")
SHORTEST_PART = 3


class Vocabulary:
    """Questions to the words of one language. All of them are answered without the database."""

    def __init__(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """`rows`: word, its lexeme ("" for one that the dictionary leaves out), and how many entries hold it."""
        self.lexemes: dict[str, str] = {}
        self.entries: dict[str, int] = {}
        self._by_plain: dict[str, list[str]] = defaultdict(list)
        for word, lexeme, entries in rows:
            self.lexemes[word] = lexeme
            self.entries[word] = entries
            self._by_plain[plain(word)].append(word)
        self._sorted = sorted(self._by_plain)
        # One long line, so that looking inside every word is one search through a string.
        self._line = "\n".join(["", *self._sorted, ""])

    def __len__(self) -> int:
        return len(self.lexemes)

    def __contains__(self, word: str) -> bool:
        return word in self.lexemes

    def spelt(self, word: str) -> list[str]:
        """The words that are spelt so, dots and accents aside where `word` has none: "losning" is "lösning" too."""
        return self._forgiving(word, self._by_plain.get(plain(word), []))

    def beginning_with(self, start: str) -> list[str]:
        folded = plain(start)
        at = bisect_left(self._sorted, folded)
        found: list[str] = []
        while at < len(self._sorted) and self._sorted[at].startswith(folded):
            found += self._by_plain[self._sorted[at]]
            at += 1
        return self._forgiving(start, found, within=True)

    def holding(self, part: str) -> list[str]:
        """Compounds with `part` somewhere after their first part: "design" is in "tjänstedesign", "form" not in
        "information", since nothing else begins with "in"."""
        folded = plain(part)
        found: list[str] = []
        at = self._line.find(folded, 1)
        while at > 0:
            begins = self._line.rfind("\n", 0, at) + 1
            ends = self._line.index("\n", at)
            if at > begins and self._is_part(self._line[begins:at]):
                found += self._by_plain[self._line[begins:ends]]
            at = self._line.find(folded, ends)
        return self._forgiving(part, found, within=True)

    def _is_part(self, head: str) -> bool:
        """Whether the plain letters can be the first part of a compound."""
        if len(head) < SHORTEST_PART:
            return False
        if head in self._by_plain:
            return True
        if head.endswith(GLUE) and len(head) > SHORTEST_PART and head[:-1] in self._by_plain:
            return True
        # "användar-resa": the part stands alone only with an ending ("användare").
        at = bisect_left(self._sorted, head)
        return at < len(self._sorted) and self._sorted[at].startswith(head) and len(self._sorted[at]) - len(head) <= 2

    def parts_of(self, word: str) -> list[str]:
        """The two known words that an unknown compound is made of, the longest second one first; or nothing."""
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            head, tail = word[:at], word[at:]
            ends = self.spelt(tail)
            begins = self.spelt(head) or (self.spelt(head[:-1]) if head.endswith(GLUE) else [])
            if ends and begins:
                return [self._commonest(begins), self._commonest(ends)]
        return []

    def nearest(self, word: str, *, most: int = 1, distance: int | None = None) -> list[str]:
        """Words that look like a mistyped `word`, the likeliest first. `distance`: letters wrong at most."""
        folded = plain(word)
        # More than one letter is forgiven only where the first one is right: "sömnad" is no slip for "kunnat".
        guessed = distance is None
        if distance is None:
            distance = 1 if len(folded) <= 6 else 2 if len(folded) <= 11 else 3
        choices = [each for size in range(len(folded) - distance, len(folded) + distance + 1)
                   for each in self._by_size.get(size, ())]  # fmt: skip
        found = process.extract(folded, choices, scorer=OSA.distance, score_cutoff=distance, limit=None)
        # Seldom is the first letter the wrong one; and of two that are as near, the commoner word is meant.
        likeliest = sorted(
            (each for each in found if each[1] <= 1 or not guessed or each[0][0] == folded[0]),
            key=lambda each: (each[1], each[0][0] != folded[0], -self.entries[self._best_of(each[0])]),
        )
        return [self._best_of(each[0]) for each in likeliest[:most]]

    @cached_property
    def _by_size(self) -> dict[int, list[str]]:
        sizes: dict[int, list[str]] = defaultdict(list)
        for folded, words in self._by_plain.items():
            if not folded.isdigit() and any(self.lexemes[word] for word in words):
                sizes[len(folded)].append(folded)
        return sizes

    @cached_property
    def by_lexeme(self) -> dict[str, list[str]]:
        every: dict[str, list[str]] = defaultdict(list)
        for word, lexeme in self.lexemes.items():
            if lexeme:
                every[lexeme].append(word)
        return every

    def forms_of(self, word: str) -> list[str]:
        """The forms of the word that are there: "idé" gives "idéer" and "idén"."""
        return self.by_lexeme.get(self.lexemes[word], [])

    def _best_of(self, folded: str) -> str:
        return self._commonest(self._by_plain[folded])

    def _commonest(self, words: list[str]) -> str:
        return max(words, key=lambda word: self.entries[word])

    @staticmethod
    def _forgiving(asked: str, words: list[str], *, within: bool = False) -> list[str]:
        """Whoever writes å, ä or ö means them; whoever writes none may mean them."""
        if plain(asked) == asked:
            return list(words)
        return [word for word in words if (asked in word if within else asked == word)]


_kept: dict[str, tuple[str, Vocabulary]] = {}
_one_reads = threading.Lock()


def vocabulary(language: str, *, edition: str) -> Vocabulary:
    """The words as they are in that edition. One query when the edition is a new one, none otherwise."""
    kept = _kept.get(language)
    if kept is None or kept[0] != edition:
        with _one_reads:
            kept = _kept.get(language)
            if kept is None or kept[0] != edition:
                rows = SearchWord.objects.filter(language=language, entries__gt=0)
                kept = _kept[language] = (edition, Vocabulary(rows.values_list("word", "lexeme", "entries")))
    return kept[1]
