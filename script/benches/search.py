"""The search page over 5,000 generated pages beside those shipped, and PostgreSQL's own search."""

from urllib.parse import quote

from figures import Line, milliseconds, p50, p95
from place import Place
from say import Trouble, step

PAGES = 5_000
MOST = 0.100  # seconds
ROUNDS, TIMES = 3, 120
# What people write: a word, its beginning, a part of a compound, several words, no dots, slips, pasted text, nothing.
QUESTIONS = (
    "intervju", "idéer", "tjänst", "tjänstedesign", "användarresa", "brainwriting", "prototyp", "workshop",
    "design", "resa", "plan", "karta", "insikt", "losning", "anvandare", "atgarder", "ideer",
    "tjänstedesing", "brainwritting", "intervjuu", "prototypp", "handlingspaln",
    "hur kan vi", "testa idéer med användare", "insikter från intervjuer", "vad gör en processledare",
    "handlingsplan för förvaltningen", "en karta över aktörer och deras behov", "medborgare", "kommun",
    "xyzzyxyzzy", "🙂", "\"a & b\" | !c :*", "vi " * 200, "användarresa intervju insikt idé prototyp test plan effekt",
)  # fmt: skip


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    with step(f"Lays {PAGES:,} pages to search in"):
        laid = place.lay("pages_to_search", str(PAGES))
    requests = [
        {"method": "GET", "path": f"/sok/?q={quote(text)}", "headers": {"Accept-Encoding": "br"}} for text in QUESTIONS
    ]
    ours: list[float] = []
    bare: list[float] = []
    try:
        with place.server() as server:
            # The words are read into memory once in each process, as after something was published.
            server.ask("repeat", requests, seconds=20, connections=4, most=3 * len(requests))
            for _round in range(ROUNDS):
                answer = server.ask("repeat", requests, seconds=60, connections=1, most=TIMES)
                if set(answer["statuses"]) != {"200"}:
                    raise Trouble(f"The search page answered {answer['statuses']}.")
                ours += answer["times"]
                bare += place.lay("bare_search", *QUESTIONS)
    finally:
        place.lay("forget_pages_to_search")
    slowest = p95(ours)
    return [
        Line(
            "search",
            f"the search page over {laid['entries']:,} pages and {laid['words']:,} words, p95 (p50)",
            f"{milliseconds(slowest)} ({milliseconds(p50(ours))})",
            f"{milliseconds(p95(bare))} ({milliseconds(p50(bare))})",
            p50(ours) / p50(bare),
            f"p95 ≤ {milliseconds(MOST)}",
            slowest <= MOST,
        )
    ]
