"""The cache is one Redis for the whole run and for what runs beside it: a test forgets what it means, and no more."""

from django.core.cache import cache


def forget(beginning: str) -> None:
    """Everything that is kept under a name that begins so."""
    redis = cache._cache.get_client(write=True)
    if names := list(redis.scan_iter(match=f"{cache.make_key(beginning)}*")):
        redis.delete(*names)
