"""A room shows short-lived codes, participants say by them to be there, and each mark tells which way it came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0015_tasks_are_handed_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attendancechange",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("code", "said by the room's code"),
                    ("paper", "typed in from paper"),
                    ("file", "read from a file"),
                ],
                db_default="",
                default="",
                max_length=5,
            ),
        ),
        migrations.CreateModel(
            name="RoomCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.CharField(editable=False, max_length=64)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="room_code", to="courses.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "room's code",
                "verbose_name_plural": "rooms' codes",
            },
        ),
        migrations.CreateModel(
            name="PresenceClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_at", models.DateTimeField(verbose_name="said")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="courses.booking"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="courses.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim of presence",
                "verbose_name_plural": "claims of presence",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("booking", "session"), name="claim_one_per_session")],
            },
        ),
    ]
