"""Front page and guide page beside a bare view that returns the same bytes on the same server."""

from figures import Line, milliseconds, p50, p95
from place import Place, Server

PAGES = {"front page": "/", "guide page": "/guiden/"}
BROWSER = {"Accept-Encoding": "br, gzip", "User-Agent": "bench"}
ROUNDS, SECONDS = 3, 2.0


def measure(place: Place) -> list[Line]:
    place.prepare("small")
    lines = []
    for cached, most in ((False, 25.0), (True, 3.0)):
        with place.server(page_cache=cached) as server:
            for name, path in pages_of(server).items():
                lines += _measure_page(place, server, name, path, cached=cached, most=most)
    return lines


def pages_of(server: Server) -> dict[str, str]:
    """The guide's address as the front page's navigation gives it, when it is another."""
    front = server.get("/")[0].decode()
    guide = PAGES["guide page"]
    if f'href="{guide}"' not in front and (at := front.find('class="site-nav__link" href="')) > 0:
        guide = front[at:].split('href="')[1].split('"')[0]
    return PAGES | {"guide page": guide}


def _measure_page(place: Place, server: Server, name: str, path: str, *, cached: bool, most: float) -> list[Line]:
    for _warm_up in range(4):
        body, _headers = server.get(path, **BROWSER)
    kept = f"{name}-{cached}".replace(" ", "-")
    (place.bodies / kept).write_bytes(body)
    ours = [{"method": "GET", "path": path, "headers": BROWSER}]
    bare = [{"method": "GET", "path": f"/bare/bytes/{kept}", "headers": BROWSER}]
    _alternate(server, ours, bare, seconds=0.5, connections=2)
    # One caller for the times; as many as there are threads for the requests a second.
    alone = _alternate(server, ours, bare, seconds=SECONDS, connections=1)
    many = _alternate(server, ours, bare, seconds=SECONDS, connections=8)
    (our_times, _), (bare_times, _) = alone
    ratio = p50(our_times) / p50(bare_times)
    how = "from the cache" if cached else "without any cache"
    per_second = [round(len(times) / seconds) for times, seconds in many]
    return [
        Line(
            "pages",
            f"{name} {how}, p50 (p95), {len(body) / 1000:.1f} kB",
            f"{milliseconds(p50(our_times))} ({milliseconds(p95(our_times))})",
            f"{milliseconds(p50(bare_times))} ({milliseconds(p95(bare_times))})",
            ratio,
            f"≤ {most:g}",
            ratio <= most,
        ),
        Line(
            "pages", f"{name} {how}, requests a second", f"{per_second[0]:,}", f"{per_second[1]:,}",
            per_second[1] / per_second[0],
        ),
    ]  # fmt: skip


def _alternate(server: Server, *kinds: list[dict], seconds: float, connections: int) -> list[tuple[list[float], float]]:
    """In turns, so that what else the machine does falls on both."""
    found: list[tuple[list[float], float]] = [([], 0.0) for _kind in kinds]
    for _round in range(ROUNDS):
        for place, requests in enumerate(kinds):
            answer = server.ask("repeat", requests, seconds=seconds, connections=connections)
            if set(answer["statuses"]) != {"200"}:
                raise SystemExit(f"{requests[0]['path']} answered {answer['statuses']}")
            times, so_far = found[place]
            found[place] = (times + answer["times"], so_far + answer["seconds"])
    return found
