"""A StreamField whose blocks stay out of migrations."""

from typing import Any

from wagtail.fields import StreamField


class BodyField(StreamField):
    """Changing a block changes no migration: only that the column is there stands in it."""

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
