"""What the search asks: one row for each thing that can be found, and the words that stand in them.

All of it can be made again from pages and courses (`manage.py search_index`): losing it loses nothing.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.sorting import SwedishSortKey


class SearchEntry(models.Model):
    """Something to be found, in one language. `key` names the thing: "page-…" by its translation key, "course-3"."""

    key = models.CharField(max_length=80)
    language = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    names = models.TextField(blank=True)
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=400)
    facts = models.JSONField(default=dict, blank=True)
    # The title in the form that words are compared in: whoever types it whole means just this one.
    title_words = models.CharField(max_length=400, blank=True)
    # When the page was published that the row was made from; empty for what is no page.
    as_of = models.DateTimeField(null=True, blank=True)
    vector = SearchVectorField()
    # Title and lead alone: short enough to lie in the row, so that a thousand hits are ranked without their texts.
    head = SearchVectorField()
    sort_key = SwedishSortKey("title")

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["language", "sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="search_entry_once")]
        indexes = [GinIndex(fields=["vector"], name="search_entry_vector", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class SearchWord(models.Model):
    """A word as it is written, what the dictionary makes of it, and how many entries hold it."""

    language = models.CharField(max_length=8)
    word = models.CharField(max_length=60)
    # Empty for a word that the dictionary leaves out ("och").
    lexeme = models.CharField(max_length=60, blank=True)
    entries = models.IntegerField()

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="search_word_once")]

    def __str__(self) -> str:
        return self.word


class SearchEdition(models.Model):
    """One row. Its name changes with the words, and every process that keeps them in memory sees that it must ask."""

    name = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("search edition")
        verbose_name_plural = _("search editions")

    def __str__(self) -> str:
        return self.name
