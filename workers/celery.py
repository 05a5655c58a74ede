"""The Celery application: clock and courier, no rules of the house."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("stigen")
app.config_from_object("django.conf:settings", namespace="CELERY")
