"""What surrounds the writing of pages: the review before publishing, links to drafts, and links out of the site."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState


class ReviewTask(AbstractGroupApprovalTask):
    """The review: someone else of the groups approves what an editor submits. Nobody approves their own."""

    class Meta:
        verbose_name = _("review by someone else")
        verbose_name_plural = _("reviews by someone else")

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return []
        return super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        return super().get_task_states_user_can_moderate(user, **kwargs).exclude(workflow_state__requested_by=user)

    @classmethod
    def get_description(cls) -> str:
        return str(_("Someone of the chosen groups approves, never the one who submitted."))


class DraftLink(models.Model):
    """A link by which someone without a log-in sees the latest draft of a page, for a while."""

    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), related_name="draft_links")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("made by"), related_name="draft_links"
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.expires_at:%Y-%m-%d}"

    def is_open(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class ExternalLink(models.Model):
    """An address outside the site that published pages link to, and how it answered the last time."""

    class State(models.TextChoices):
        NEW = "new", _("not checked yet")
        WORKS = "works", _("answers")
        BROKEN = "broken", _("does not answer")
        PASSED = "passed", _("not checked: not an address on the open net")

    url = models.TextField(_("address"), unique=True)
    pages = models.ManyToManyField(Page, verbose_name=_("pages"), related_name="external_links")
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.NEW)
    trouble = models.CharField(_("what happened"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True, db_index=True)
    broken_since = models.DateTimeField(_("broken since"), null=True, blank=True)

    class Meta:
        verbose_name = _("link out of the site")
        verbose_name_plural = _("links out of the site")
        ordering = ["broken_since", "url"]

    def __str__(self) -> str:
        return self.url
