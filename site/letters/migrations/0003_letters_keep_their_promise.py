from django.db import migrations, models
from django.db.models import F


def try_when_due(apps, _schema_editor):
    apps.get_model("letters", "Letter").objects.update(try_at=F("due_at"))


class Migration(migrations.Migration):
    """When a letter is due and when it is tried next are two things: the age of the first tells how late it is."""

    dependencies = [("letters", "0002_the_house_stands")]

    operations = [
        migrations.RemoveIndex("letter", "letter_due"),
        migrations.AddField("letter", "try_at", models.DateTimeField("next try", null=True)),
        migrations.RunPython(try_when_due, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("letter", "try_at", models.DateTimeField("next try")),
        migrations.AddField("letter", "unsubscribe_url", models.URLField(blank=True, editable=False, max_length=300)),
        migrations.AddIndex(
            "letter",
            models.Index(fields=["try_at", "id"], name="letter_to_try", condition=models.Q(state="due")),
        ),
    ]
