"""The bell: tells the processes that hold event streams that a journey has a new revision.

A hint only. With Redis away the change stands all the same, and the streams find it when they next look.
"""

import functools
import json
import logging

import redis
from django.conf import settings

# Channels know no drawers: two sites on one Redis are told apart by their databases.
CHANNEL = f"stigen:{settings.DATABASES['default']['NAME']}:journey:"
log = logging.getLogger(__name__)


@functools.cache
def _connection() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def ring(journey_id: int, *, revision: int | None = None) -> None:
    """ "Revision n exists"; without a revision: "look again at who may read this". Never raises."""
    try:
        _connection().publish(f"{CHANNEL}{journey_id}", json.dumps({"revision": revision}))
    except (redis.RedisError, OSError):
        log.warning("The bell of journey %s could not be rung: Redis does not answer.", journey_id)
