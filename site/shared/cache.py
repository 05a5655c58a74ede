"""A cache that may be away: then nothing is found and nothing is kept, and the site works on, slower."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
# After a failure Redis is left alone for a moment, so that a silent server costs one wait, not one a call.
PAUSE_SECONDS = 2.0
# Of the process, not of the thread: each thread has its own cache object, but they talk to the same server.
_away_until: dict[tuple[str, ...], float] = {}


def _forgiving(answer_when_away: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def asked(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
            if time.monotonic() < _away_until.get(self.place, 0):
                return answer_when_away(*args, **kwargs)
            try:
                return ask(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _away_until[self.place] = time.monotonic() + PAUSE_SECONDS
                log.warning("The cache does not answer; going on without it: %s", error)
                return answer_when_away(*args, **kwargs)

        return asked

    return wrap


def _default(_key: str, default: Any = None, _version: Any = None, **kwargs: Any) -> Any:
    return kwargs.get("default", default)


class _KeptClients(RedisCacheClient):
    """Django makes a client for each question, and a client lays a table of a hundred and seventy answers each time:
    a third of what a kept page costs. A client is safe to share; its pool hands out the connections."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # Django's own, unknown to its stubs
        kept: dict[int, Redis] = self.__dict__.setdefault("_kept", {})
        if id(pool) not in kept:
            kept[id(pool)] = Redis(connection_pool=pool)
        return kept[id(pool)]


class ForgivingRedisCache(RedisCache):
    """For hints only: what must not be lost is a row in the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._class = _KeptClients

    @property
    def place(self) -> tuple[str, ...]:
        return tuple(self._servers)  # type: ignore[attr-defined]  # Django's own, unknown to its stubs

    add = _forgiving(lambda *_a, **_k: True)(RedisCache.add)
    get = _forgiving(_default)(RedisCache.get)
    set = _forgiving(lambda *_a, **_k: None)(RedisCache.set)
    touch = _forgiving(lambda *_a, **_k: False)(RedisCache.touch)
    delete = _forgiving(lambda *_a, **_k: False)(RedisCache.delete)
    get_many = _forgiving(lambda *_a, **_k: {})(RedisCache.get_many)
    has_key = _forgiving(lambda *_a, **_k: False)(RedisCache.has_key)
    incr = _forgiving(lambda _key, delta=1, *_a, **_k: delta)(RedisCache.incr)
    set_many = _forgiving(lambda *_a, **_k: [])(RedisCache.set_many)
    delete_many = _forgiving(lambda *_a, **_k: None)(RedisCache.delete_many)
    clear = _forgiving(lambda *_a, **_k: False)(RedisCache.clear)
