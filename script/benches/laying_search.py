"""Generated pages to search in, for laying.py: imported when Django is set up."""

import random
import time

from django.db import connection

from guide.models import SearchEntry, SearchWord
from guide.search.sources import Findable
from guide.search.words import words_of
from guide.services.search_index import add_to_index, rebuild_index

KINDS = ("method", "article", "case", "term")


def pages_to_search(pages: str) -> dict[str, int]:
    """Pages of the guide's own words, each as common as it is there, and of 20,000 compounds made up of them."""
    rebuild_index()
    chance = random.Random(5)
    shipped = SearchEntry.objects.filter(language="sv").values_list("title", "lead", "text")
    words = [word for row in shipped for word in words_of(" ".join(row))]
    parts = sorted({word for word in words if 4 <= len(word) <= 9})
    joints = ("", "s", "e")
    made_up = [chance.choice(parts) + chance.choice(joints) + chance.choice(parts) for _each in range(20_000)]

    def text(size: int) -> str:
        chosen = chance.choices(words, k=size) + chance.choices(made_up, k=size // 12)
        chance.shuffle(chosen)
        return " ".join(chosen)

    for start in range(0, int(pages), 1_000):
        add_to_index(
            [
                Findable(
                    f"bench-{number}", "sv", KINDS[number % len(KINDS)], text(4).capitalize()[:120], f"/{number}/",
                    lead=text(25), text=text(400),
                )
                for number in range(start, min(start + 1_000, int(pages)))
            ]
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE guide_searchentry")
    return {"entries": SearchEntry.objects.count(), "words": SearchWord.objects.filter(language="sv").count()}


def bare_search(*texts: str) -> list[float]:
    """The seconds that PostgreSQL's own search takes for each of them, with nothing forgiven, counted or marked."""
    times = []
    with connection.cursor() as cursor:
        for text in texts:
            began = time.perf_counter()
            cursor.execute(
                "SELECT title, lead, address FROM guide_searchentry, websearch_to_tsquery('swedish', %s) AS asked "
                "WHERE language = 'sv' AND vector @@ asked ORDER BY ts_rank(vector, asked) DESC LIMIT 20",
                [text],
            )
            cursor.fetchall()
            times.append(time.perf_counter() - began)
    return times


def forget_pages_to_search() -> int:
    return rebuild_index()
