"""Tighten what calendar entries keep; calendar feeds; certificates, and the database's refusal to change one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# Each of the two moments may be set once; all else stands as it was issued, and nothing is deleted.
REFUSE = """
    CREATE FUNCTION courses_certificate_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'Certificate % is never deleted.', OLD.number USING ERRCODE = 'restrict_violation';
        END IF;
        IF (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
            OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
            OR (to_jsonb(NEW) - '{superseded_at,withdrawn_at}'::text[])
                IS DISTINCT FROM (to_jsonb(OLD) - '{superseded_at,withdrawn_at}'::text[])
        THEN
            RAISE EXCEPTION 'Certificate % never changes.', OLD.number USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER certificate_never_changes BEFORE UPDATE OR DELETE ON courses_certificate
    FOR EACH ROW EXECUTE FUNCTION courses_certificate_never_changes();
"""
ALLOW = """
    DROP TRIGGER IF EXISTS certificate_never_changes ON courses_certificate;
    DROP FUNCTION IF EXISTS courses_certificate_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_calendar_entries_keep_what_they_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("calendarentry", "told_at", models.DateTimeField()),
        migrations.AlterField("calendarentry", "starts_at", models.DateTimeField()),
        migrations.AlterField("calendarentry", "ends_at", models.DateTimeField()),
        migrations.AddConstraint(
            "calendarentry",
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="calendar_entry_ends_after_it_starts"),
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("last_read_on", models.DateField(blank=True, null=True, verbose_name="last read")),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "calendar feed", "verbose_name_plural": "calendar feeds"},
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(editable=False, max_length=30, unique=True, verbose_name="number")),
                ("name", models.CharField(max_length=161, verbose_name="name")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=160, verbose_name="title in English")),
                ("outcome", models.TextField(blank=True)),
                ("outcome_en", models.TextField(blank=True)),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="hours")),
                ("completed_on", models.DateField(verbose_name="completed")),
                ("issuer", models.CharField(max_length=160, verbose_name="issued by")),
                ("issued_at", models.DateTimeField(verbose_name="issued")),
                ("why", models.CharField(blank=True, max_length=250, verbose_name="why it was issued anew")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("superseded_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "completion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="courses.completion",
                        verbose_name="completion",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="courses.certificate",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(superseded_at=None, withdrawn_at=None),
                        fields=("completion",),
                        name="certificate_one_genuine_per_completion",
                    ),
                    models.CheckConstraint(
                        condition=Q(replaces=None) | ~Q(why=""), name="certificate_issued_anew_says_why"
                    ),
                    models.CheckConstraint(condition=Q(hours__gt=0), name="certificate_hours_positive"),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
