"""The index in SQL: what a row's words are to PostgreSQL, and how many rows hold each word."""

import json
from collections import Counter
from collections.abc import Iterable

from django.db import connection

from guide.models import SearchEntry
from guide.search.sources import Findable
from guide.search.words import words_of

# The dictionaries that PostgreSQL always has. Another language is taken word by word.
DICTIONARIES = {"sv": "swedish", "en": "english"}

# "simple" beside the language's own: so that "Hur kan vi" is found by words that the dictionary leaves out.
_WRITE = """
INSERT INTO guide_searchentry
    (key, language, kind, title, names, lead, text, address, facts, title_words, as_of, head, vector)
SELECT key, language, kind, title, names, lead, text, address, facts::jsonb, title_words, as_of,
    head, head || setweight(to_tsvector(dictionary::regconfig, text_words), 'C')
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS given(key, language, kind, title, names, lead, text, address, facts,
        title_words, as_of, dictionary, name_words, lead_words, text_words),
    LATERAL (SELECT setweight(to_tsvector('simple', title_words) || to_tsvector(dictionary::regconfig, name_words), 'A')
        || setweight(to_tsvector(dictionary::regconfig, lead_words), 'B')) AS short(head)
ON CONFLICT (key, language) DO UPDATE SET kind = excluded.kind, title = excluded.title, names = excluded.names,
    lead = excluded.lead, text = excluded.text, address = excluded.address, facts = excluded.facts,
    title_words = excluded.title_words, as_of = excluded.as_of, head = excluded.head, vector = excluded.vector
"""
_COUNT = """
INSERT INTO guide_searchword (language, word, lexeme, entries)
SELECT %s, word, coalesce((tsvector_to_array(to_tsvector(%s::regconfig, word)))[1], ''), change
FROM unnest(%s::text[], %s::int[]) AS given(word, change)
ON CONFLICT (language, word) DO UPDATE SET entries = guide_searchword.entries + excluded.entries
"""
_SOME = 200


def dictionary_of(language: str) -> str:
    return DICTIONARIES.get(language, "simple")


def write_entries(found: list[Findable]) -> None:
    """Write or overwrite the rows, some hundred in each statement. The caller counts the words."""
    for start in range(0, len(found), _SOME):
        some = found[start : start + _SOME]
        rows = [_row(each) for each in some]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def _row(each: Findable) -> tuple[object, ...]:
    title_words = " ".join(words_of(each.title))
    name_words = " ".join([title_words, *words_of(each.names)])
    return (
        each.key, each.language, each.kind, each.title[:300], each.names, each.lead, each.text, each.address,
        json.dumps(each.facts), title_words[:400], each.as_of, dictionary_of(each.language), name_words,
        " ".join(words_of(each.lead)), " ".join(words_of(each.text)),
    )  # fmt: skip


def words_in(found: Iterable[Findable]) -> dict[str, Counter[str]]:
    """Language → word → how many of them hold it."""
    counts: dict[str, Counter[str]] = {}
    for each in found:
        text = f"{each.title} {each.names} {each.lead} {each.text}"
        counts.setdefault(each.language, Counter()).update(set(words_of(text)))
    return counts


def words_kept(keys: Iterable[str]) -> dict[str, Counter[str]]:
    """The same of what the index says now about these keys. One query."""
    rows = SearchEntry.objects.filter(key__in=list(keys))
    rows = rows.values_list("key", "language", "title", "names", "lead", "text")
    return words_in(
        Findable(key, language, "", title, "", names=names, lead=lead, text=text)
        for key, language, title, names, lead, text in rows
    )


def change_counts(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> bool:
    """Add what is new and take away what is gone; whether there was anything."""
    changed = False
    for language in {*before, *after}:
        change = Counter(after.get(language, Counter()))
        change.subtract(before.get(language, Counter()))
        words = sorted(word for word, by in change.items() if by)
        if not words:
            continue
        changed = True
        numbers = [change[word] for word in words]
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [language, dictionary_of(language), words, numbers])
            cursor.execute("DELETE FROM guide_searchword WHERE language = %s AND entries <= 0", [language])
    return changed
