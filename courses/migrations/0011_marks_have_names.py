"""Every mark of attendance gets a name of its own, made by the device that made it; the earlier ones get one here."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0010_an_occasion_has_a_fewest")]

    operations = [
        migrations.AddField(
            model_name="attendancechange",
            name="tapped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # The database's own default fills each row that is there with a name of its own.
        migrations.AddField(
            model_name="attendancechange",
            name="mark",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.AlterField(
            model_name="attendancechange",
            name="mark",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                unique=True,
            ),
        ),
    ]
