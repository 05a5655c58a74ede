"""A question in a reader's own words, and its answer. Two queries, and one more after something was published."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils.safestring import SafeString

from guide.search.excerpts import IsMeant, excerpt_of, marked
from guide.search.meaning import Meaning, meanings_of, nearest_words
from guide.search.vocabulary import Vocabulary, vocabulary
from guide.search.words import words_of
from guide.search.writing import dictionary_of

# What is read of a question: nobody means more, and a page of pasted text is answered too.
MOST_LETTERS = 500
MOST_WORDS = 12
ON_A_PAGE = 20


@dataclass(frozen=True)
class Hit:
    kind: str
    title: SafeString
    excerpt: SafeString
    address: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """`total` counts what the chosen kind has, `by_kind` all of them."""

    words: list[str] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    by_kind: dict[str, int] = field(default_factory=dict)
    total: int = 0
    page: int = 1
    # What was written, and what it was taken for.
    corrected: list[tuple[str, str]] = field(default_factory=list)
    # No entry has every word: these have some.
    only_some: bool = False
    nearest: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return sum(self.by_kind.values())

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ON_A_PAGE))

    @property
    def taken_for(self) -> str:
        """The question as it was understood."""
        other = dict(self.corrected)
        return " ".join(other.get(word, word) for word in self.words)


_EDITION_AND_LEXEMES = """
SELECT (SELECT name FROM guide_searchedition WHERE id = 1), given.word,
    tsvector_to_array(to_tsvector(%s::regconfig, given.word))
FROM unnest(%s::text[]) AS given(word)
"""
# Only `head` is read of each hit: to open the words of every text costs a tenth of a millisecond, and there may be
# thousands. The index alone answers where the words stand; texts are ranked where they are few enough to matter.
#
# The steps of the score are further apart than what `ts_rank` gives (at most 1): a title that says just this, a title
# with all the words, a title with words near them (compounds), the very words anywhere, words near them anywhere. So
# only the likeliest by the steps are weighed against each other: that costs as much as all the rest.
_FIND = """
WITH said AS MATERIALIZED (
    SELECT id FROM guide_searchentry WHERE language || '' = %(language)s AND vector @@ %(own)s::tsquery
), hits AS MATERIALIZED (
    SELECT id, kind, sort_key,
        CASE WHEN title_words = %(title)s THEN 16 ELSE 0 END
        + CASE WHEN head @@ %(title_own)s::tsquery THEN 8 ELSE 0 END
        + CASE WHEN head @@ %(title_every)s::tsquery THEN 4 ELSE 0 END
        + CASE WHEN id IN (SELECT id FROM said) THEN 2 ELSE 0 END AS score
    FROM guide_searchentry
    WHERE language || '' = %(language)s AND vector @@ %(every)s::tsquery
), likeliest AS MATERIALIZED (
    SELECT id FROM hits WHERE %(kind)s IN ('', kind) ORDER BY score DESC, sort_key, id LIMIT 200
), weighed AS MATERIALIZED (
    SELECT id, ts_rank('{0, 0.1, 0.4, 1}', head, %(any)s::tsquery)
        + CASE WHEN (SELECT count(*) FROM hits) > 200 THEN 0 ELSE 0.1 * ts_rank(vector, %(any)s::tsquery) END AS weight
    FROM guide_searchentry WHERE id IN (SELECT id FROM likeliest)
), ranked AS (
    SELECT id, kind, sort_key, score + coalesce(weight, 0) AS score FROM hits LEFT JOIN weighed USING (id)
), chosen AS (
    SELECT id, score FROM ranked WHERE %(kind)s IN ('', kind)
    ORDER BY score DESC, sort_key, id LIMIT %(most)s OFFSET %(after)s
)
SELECT counts.by_kind, entry.kind, <told>
FROM (SELECT jsonb_object_agg(kind, number) FROM (SELECT kind, count(*) FROM hits GROUP BY kind) AS each(kind, number))
    AS counts(by_kind)
LEFT JOIN chosen ON true
LEFT JOIN guide_searchentry AS entry ON entry.id = chosen.id
ORDER BY chosen.score DESC, entry.sort_key, entry.id
"""

_HITS = _FIND.replace("<told>", "entry.title, entry.lead, left(entry.text, 20000), entry.address, entry.facts")
_KEYS = _FIND.replace("<told>", "entry.key")
# More things of one kind than the site will ever have.
_ALL = 100_000


def answer(text: str, *, language: str, kind: str = "", page: int = 1) -> Answer:
    """What is found for the words, the likeliest first. Any text has an answer. A page past the last is the last."""
    asked = _understand(text, language)
    if not asked.words:
        return Answer()
    rows, by_kind, only_some = _rows(_HITS, asked, kind=kind, most=ON_A_PAGE, after=(page - 1) * ON_A_PAGE)

    @cache
    def is_meant(word: str) -> bool:
        return any(meaning.is_met_by(word, asked.known) for meaning in asked.meanings)

    total = by_kind.get(kind, 0) if kind else sum(by_kind.values())
    last = max(1, -(-total // ON_A_PAGE))
    if page > last:
        return answer(text, language=language, kind=kind, page=last)
    return Answer(
        words=asked.words,
        hits=[_hit(row, is_meant) for row in rows],
        by_kind=by_kind,
        total=total,
        page=page,
        corrected=list(asked.taken.items()),
        only_some=only_some and bool(by_kind),
        nearest=[] if by_kind else nearest_words(asked.words, asked.known),
    )


def keys_found(text: str, *, language: str, kind: str) -> list[str]:
    """The keys of all hits of that kind, in the order in which `answer` gives them."""
    asked = _understand(text, language)
    if not asked.words:
        return []
    rows, _by_kind, _only_some = _rows(_KEYS, asked, kind=kind, most=_ALL, after=0)
    return [key for _kind, key in rows]


@dataclass(frozen=True)
class _Asked:
    """A question as it is understood."""

    language: str
    words: list[str]
    meanings: list[Meaning]
    known: Vocabulary
    # What was written → what it was taken for.
    taken: dict[str, str]
    # The words as a title would have them.
    title: str


def _understand(text: str, language: str) -> _Asked:
    written = words_of(text[:MOST_LETTERS])
    words = list(dict.fromkeys(written))[:MOST_WORDS]
    if not words:
        return _Asked(language, [], [], Vocabulary([]), {}, "")
    edition, lexemes = _edition_and_lexemes(words, language)
    known = vocabulary(language, edition=edition)
    meanings = meanings_of(words, lexemes, known)
    taken = {meaning.written: meaning.taken_for for meaning in meanings if meaning.taken_for}
    return _Asked(language, words, meanings, known, taken, " ".join(taken.get(word, word) for word in written))


def _rows(
    sql: str, asked: _Asked, *, kind: str, most: int, after: int
) -> tuple[list[tuple[Any, ...]], dict[str, int], bool]:
    """What has all the words, or else what has some of them, and whether it is the latter."""
    rows, by_kind = _find(sql, asked, " & ", kind=kind, most=most, after=after)
    only_some = not by_kind and len(asked.meanings) > 1
    if only_some:
        rows, by_kind = _find(sql, asked, " | ", kind=kind, most=most, after=after)
    return rows, by_kind, only_some


def _edition_and_lexemes(words: list[str], language: str) -> tuple[str, dict[str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_EDITION_AND_LEXEMES, [dictionary_of(language), words])
        rows = cursor.fetchall()
    return rows[0][0] or "", {word: found for _edition, word, found in rows}


def _find(
    sql: str, asked: _Asked, joint: str, *, kind: str, most: int, after: int
) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    meanings = asked.meanings
    own = [_one_of(meaning.own) for meaning in meanings]
    every = [_one_of(meaning.every, start=meaning.start) for meaning in meanings]
    values: dict[str, Any] = {
        "title": asked.title,
        "title_own": " & ".join(_one_of(meaning.own, where="A") for meaning in meanings),
        "title_every": joint.join(_one_of(meaning.every, start=meaning.start, where="A") for meaning in meanings),
        "own": " & ".join(own),
        "every": joint.join(every),
        "any": " | ".join(every),
        "language": asked.language,
        "kind": kind,
        "most": most,
        "after": after,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # PostgreSQL thinks nothing of opening every text, and would read the table from end to end for a common word:
        # 80 ms, where the index answers in one. (For the same reason it may not see that `language` has an index too.)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    by_kind = rows[0][0] or {}
    by_kind = json.loads(by_kind) if isinstance(by_kind, str) else by_kind
    return [row[1:] for row in rows if row[1] is not None], by_kind


def _one_of(lexemes: Iterable[str], *, start: str = "", where: str = "") -> str:
    """A part of a tsquery. Lexemes are letters and digits alone, so that quoting them is enough."""
    after = f":{where}" if where else ""
    parts = [f"'{lexeme}'{after}" for lexeme in sorted(lexemes)]
    if start:
        parts.append(f"'{start}':*{where}")
    return f"({' | '.join(parts)})"


def _hit(row: tuple[Any, ...], is_meant: IsMeant) -> Hit:
    kind, title, lead, text, address, facts = row
    facts = json.loads(facts) if isinstance(facts, str) else facts
    # A word's explanation says more than any passage that holds the word.
    passages = "" if kind == "term" else text
    return Hit(kind, marked(title, is_meant), excerpt_of(lead, passages, is_meant), address, facts)
