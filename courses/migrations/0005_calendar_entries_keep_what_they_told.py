"""Add, fill: entries written before know their session's words of today, which is what was told last."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
    UPDATE courses_calendarentry e
    SET starts_at = s.starts_at, ends_at = s.ends_at, link = s.link, told_at = b.created_at,
        summary = c.title || CASE WHEN s.title = '' THEN '' ELSE ': ' || s.title END,
        location = s.place || CASE WHEN s.place <> '' AND s.address <> '' THEN ', ' ELSE '' END || s.address
    FROM courses_session s, courses_occasion o, courses_course c, courses_booking b
    WHERE s.id = e.session_id AND o.id = s.occasion_id AND c.id = o.course_id AND b.id = e.booking_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_move_hand_over_and_lapse"),
    ]

    operations = [
        migrations.AlterField(
            model_name="calendarentry",
            name="session",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="calendar_entries",
                to="courses.session",
            ),
        ),
        migrations.AddField("calendarentry", "told_at", models.DateTimeField(null=True)),
        migrations.AddField("calendarentry", "starts_at", models.DateTimeField(null=True)),
        migrations.AddField("calendarentry", "ends_at", models.DateTimeField(null=True)),
        migrations.AddField("calendarentry", "summary", models.CharField(max_length=330, default=""), False),
        migrations.AddField("calendarentry", "location", models.CharField(max_length=370, blank=True, default=""), False),
        migrations.AddField("calendarentry", "link", models.URLField(blank=True, default=""), False),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
