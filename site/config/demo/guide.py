"""The demo's guide: the one that comes with the site."""

from config.demo import Demo
from guide.services.seed import load_guide


def lay(demo: Demo) -> None:
    loaded = load_guide(demo.now)
    kept = len(loaded.kept)
    demo.say(f"{loaded.created} new pages, {loaded.updated} changed, {loaded.same} as they were, {kept} kept")
