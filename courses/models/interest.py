"""Who wants a course that has no date yet."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course


class Interest(models.Model):
    """Told once of each occasion that the person may book, until the interest is ended."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="interests"
    )
    course = models.ForeignKey(Course, models.CASCADE, verbose_name=_("course"), related_name="interests")
    # In the link that ends it without a log-in: unguessable, and good for nothing else.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="interest_one_each", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} – {self.course}"
