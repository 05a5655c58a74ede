"""The words of titles and leads beside those of whole texts. The index is emptied: `prepare` makes it anew."""

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("guide", "0010_review_drafts_and_links")]

    operations = [
        migrations.RunSQL("DELETE FROM guide_searchentry; DELETE FROM guide_searchword", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="searchentry", name="head", field=SearchVectorField(default=""), preserve_default=False
        ),
    ]
