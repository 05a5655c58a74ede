"""Pages are found by their whole address (guide.queries.page_at); Wagtail gives that column no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("guide", "0001_the_guide_stands"), ("wagtailcore", "0098_apitoken")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS guide_page_by_address ON wagtailcore_page (url_path text_pattern_ops)",
            "DROP INDEX IF EXISTS guide_page_by_address",
        )
    ]
