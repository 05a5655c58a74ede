"""What the words of a question may mean, among the words that there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from guide.search.vocabulary import Vocabulary
from guide.search.words import plain

# A part of a compound is looked for from this many letters on, the beginning of a word from so many.
SHORTEST_WITHIN = 4
SHORTEST_BEGINNING = 3
# As many other words as one of the question may stand for: the commonest of them.
MOST_NEAR = 80


@dataclass(frozen=True)
class Meaning:
    """A word of the question: `own` are its lexemes, `near` those of compounds and of words with other dots, and
    `start` what a word may begin with."""

    word: str
    own: frozenset[str]
    near: frozenset[str] = field(default_factory=frozenset)
    start: str = ""
    # What was written, and what it was taken for when nothing is spelt so.
    written: str = ""
    taken_for: str = ""

    @property
    def every(self) -> frozenset[str]:
        return self.own | self.near

    def is_met_by(self, word: str, known: Vocabulary) -> bool:
        """Whether this word of a text is one that the question means."""
        if word == self.word or (self.start and word.startswith(self.start)):
            return True
        lexeme = known.lexemes.get(word)
        return word in self.own if not lexeme else lexeme in self.own or lexeme in self.near


def meanings_of(words: Iterable[str], lexemes: Mapping[str, list[str]], known: Vocabulary) -> list[Meaning]:
    """`lexemes`: what the dictionary makes of each word; nothing for one that it leaves out.

    Left-out words are passed over, unless there are no others: then they are looked for as they are, in titles.
    """
    words = list(words)
    telling = [word for word in words if lexemes.get(word)] or words
    found: list[Meaning] = []
    for word in telling:
        found += _meanings(word, lexemes.get(word) or [word], known)
    return found


def _meanings(word: str, lexemes: list[str], known: Vocabulary) -> list[Meaning]:
    meaning = _as_written(word, lexemes, known)
    if meaning.near or any(lexeme in known.by_lexeme for lexeme in meaning.own) or word in known:
        return [meaning]
    if word.isdigit() or len(word) < SHORTEST_BEGINNING:
        return [meaning]
    likely = known.nearest(word, distance=1)
    if not likely and (parts := known.parts_of(word)):
        return [_as_written(part, [known.lexemes[part] or part], known) for part in parts]
    likely = likely or known.nearest(word)
    if not likely:
        return [meaning]
    taken = likely[0]
    other = _as_written(taken, [known.lexemes[taken] or taken], known)
    return [replace(other, written=word, taken_for=taken)]


def _as_written(word: str, lexemes: list[str], known: Vocabulary) -> Meaning:
    near = known.spelt(word)
    start = ""
    if not word.isdigit():
        stem = lexemes[0]
        if len(word) >= SHORTEST_BEGINNING:
            start = word
            near += known.beginning_with(word)
        if len(word) >= SHORTEST_WITHIN:
            near += known.holding(word)
        # "tjänster" is not in "tjänstedesign", its stem is; a short stem would be in too many.
        if SHORTEST_WITHIN <= len(stem) < len(word):
            near += known.beginning_with(stem) + known.holding(stem)
        # "ideer" is no word of the dictionary's, "idéer" is: its other forms are meant too.
        if plain(word) == word:
            near += [form for spelt in known.spelt(word) for form in known.forms_of(spelt)]
    commonest = sorted(set(near), key=lambda each: (-known.entries[each], each))[:MOST_NEAR]
    own = frozenset(lexemes)
    return Meaning(word, own, frozenset(known.lexemes[each] for each in commonest if known.lexemes[each]) - own, start)


def nearest_words(words: Iterable[str], known: Vocabulary, *, most: int = 4) -> list[str]:
    """What someone who found nothing may have meant: words that look like theirs, more loosely than we would guess."""
    found: list[str] = []
    for word in words:
        if len(word) >= SHORTEST_BEGINNING and not word.isdigit():
            found += known.nearest(word, most=2, distance=max(2, len(word) // 3))
    return list(dict.fromkeys(found))[:most]
