"""Event streams: "revision n exists". Clients fetch what they lack; where streams are blocked, they poll.

One subscription to Redis for the whole process, fanned out to its streams. A stream holds no database connection: it
borrows one for the moments when it looks, and looks when the bell rings without a number, when the bell has been
away, and at intervals, because a lost ring must lose nothing and a stream must not outlive the right to read.
"""

import asyncio
import json
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from journeys.models import Journey
from journeys.rules import role_of
from journeys.services.bell import CHANNEL
from people.models import ApiToken, Person

HEARTBEAT = 15.0  # seconds; proxies close what is silent for a minute
LOOK_AGAIN = 30.0
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Listener:
    """One stream's ear: the latest revision heard of. Rings that come while it is busy become one."""

    journey_id: int
    revision: int = 0
    look: bool = False
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, revision: int | None) -> None:
        if revision is None:
            self.look = True
        else:
            self.revision = max(self.revision, revision)
        self.heard.set()


class Hub:
    """All streams of one process, that is of one event loop."""

    _hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.listeners: dict[int, set[Listener]] = {}
        self.closing = False
        self._ear: asyncio.Task[None] | None = None

    @classmethod
    def here(cls) -> "Hub":
        loop = asyncio.get_running_loop()
        hub = cls._hubs.get(loop)
        if hub is None:
            hub = cls._hubs[loop] = cls()
            hub._close_when_told(loop)
        return hub

    @property
    def count(self) -> int:
        return sum(len(listeners) for listeners in self.listeners.values())

    @property
    def is_full(self) -> bool:
        return self.closing or self.count >= settings.EVENT_STREAMS

    def add(self, listener: Listener) -> None:
        self.listeners.setdefault(listener.journey_id, set()).add(listener)
        if self._ear is None or self._ear.done():
            self._ear = asyncio.get_running_loop().create_task(self._listen())

    def remove(self, listener: Listener) -> None:
        left = self.listeners.get(listener.journey_id, set())
        left.discard(listener)
        if not left:
            self.listeners.pop(listener.journey_id, None)
        if not self.listeners and self._ear is not None:
            self._ear.cancel()
            self._ear = None

    def close(self) -> None:
        """End every stream: the server is about to stop and waits for them."""
        self.closing = True
        self._tell_all()

    def _tell_all(self) -> None:
        for listeners in self.listeners.values():
            for listener in listeners:
                listener.hear(None)

    async def _listen(self) -> None:
        wait = 0.2
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as bell, bell.pubsub() as ear:
                    await ear.psubscribe(f"{CHANNEL}*")
                    self._tell_all()  # what was rung while nobody listened
                    wait = 0.2
                    while True:
                        message = await ear.get_message(ignore_subscribe_messages=True, timeout=30)
                        if message is not None:
                            self._pass_on(message)
            except (redis.RedisError, OSError):
                log.warning("The bell is away; trying again in %.1f s.", wait)
                await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret
                wait = min(wait * 2, 10)

    def _pass_on(self, message: dict[str, Any]) -> None:
        try:
            journey_id = int(message["channel"].decode().removeprefix(CHANNEL))
            revision = json.loads(message["data"])["revision"]
        except (ValueError, KeyError, AttributeError):
            return
        for listener in self.listeners.get(journey_id, ()):
            listener.hear(revision)

    def _close_when_told(self, loop: asyncio.AbstractEventLoop) -> None:
        """Servers wait for open answers before they stop: so we end them when the signal comes."""

        def chained(previous: Any) -> Callable[[int, FrameType | None], None]:
            def close(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(self.close)
                if callable(previous):
                    previous(number, frame)

            return close

        for number in (signal.SIGTERM, signal.SIGINT):
            previous = signal.getsignal(number)
            # Only where a server has put a handler of its own; the main thread alone may.
            if callable(previous) and previous is not signal.default_int_handler:
                try:
                    signal.signal(number, chained(previous))
                except ValueError:
                    return


@dataclass(frozen=True)
class Who:
    """How a stream's reader proved who it is, so that it can be asked again later."""

    session_key: str | None = None
    digest: str | None = None

    def person(self) -> Person | None:
        if self.digest is not None:
            token = (
                ApiToken.objects.select_related("person")
                .filter(digest=self.digest, revoked_at=None, person__is_active=True)
                .first()
            )
            expired = token is not None and token.expires_at is not None and token.expires_at <= timezone.now()
            return None if token is None or expired else token.person
        request = HttpRequest()
        request.session = SessionStore(self.session_key)
        user = get_user(request)
        return user if isinstance(user, Person) and user.is_active else None


def look(journey_id: int, who: Who) -> int | None:
    """The journey's revision, or None when `who` may no longer read it. Gives the connection back at once."""
    try:
        person = who.person()
        journey = Journey.objects.only("revision", "visibility").filter(pk=journey_id).first()
        if person is None or journey is None or role_of(person, journey) is None:
            return None
        return journey.revision
    finally:
        give_back_connection()


def give_back_connection() -> None:
    """To the pool, between requests; inside a test's transaction there is nothing to give back."""
    if not connection.in_atomic_block:
        connection.close()


async def stream(
    listener: Listener, *, present: int, last_seen: int | None, look_again: Callable[[], Any]
) -> AsyncIterator[str]:
    """The text of one event stream, beginning with the present revision.

    `look_again` answers the revision, or None to end. The first line asks the browser to wait a moment of its own
    before it comes back, so that all do not come at once when a server starts anew.
    """
    hub = Hub.here()
    # Listen first, then look: a change between the two is heard or seen. (Added here and not by the view, so that a
    # reader who left before the first line leaves nothing behind.)
    hub.add(listener)
    listener.hear(None)
    try:
        yield f"retry: {random.randint(1000, 4000)}\n\n"  # noqa: S311 - jitter, no secret
        told = present
        yield _revision(present) if present != last_seen else ": up to date\n\n"
        clock = asyncio.get_running_loop().time
        next_look = clock() + LOOK_AGAIN * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
        while not hub.closing:
            try:
                await asyncio.wait_for(listener.heard.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
            listener.heard.clear()
            if listener.look or clock() >= next_look:
                listener.look = False
                next_look = clock() + LOOK_AGAIN * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
                if hub.closing:
                    return
                revision = await look_again()
                if revision is None:
                    yield "event: closed\ndata: {}\n\n"
                    return
                listener.revision = max(listener.revision, revision)
            if listener.revision > told:
                told = listener.revision
                yield _revision(told)
    finally:
        hub.remove(listener)


def _revision(number: int) -> str:
    return f"id: {number}\nevent: revision\ndata: {json.dumps({'revision': number})}\n\n"
