"""A personal key to the API: shown once, stored as a digest, revocable."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.person import Person


class ApiToken(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    # SHA-256 of 32 random bytes: a slow hash would add nothing but time to every call.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
