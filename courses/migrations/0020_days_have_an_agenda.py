"""Each course day has an agenda, begun from the course's, and points that were left open."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0019_those_who_lead_are_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='what was left open')),
                ('noted_at', models.DateTimeField(verbose_name='noted')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_points', to='courses.occasion')),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='open_points', to='courses.session')),
            ],
            options={
                'verbose_name': 'open point',
                'verbose_name_plural': 'open points',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('starts_after', models.PositiveSmallIntegerField(verbose_name='minutes after the start')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('leads', models.CharField(blank=True, max_length=120, verbose_name='who leads')),
                ('material', models.CharField(blank=True, max_length=300, verbose_name='material')),
                ('version', models.CharField(blank=True, max_length=80, verbose_name='version')),
                ('revision', models.BigIntegerField(blank=True, null=True)),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='courses.course')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='courses.session')),
            ],
            options={
                'verbose_name': 'agenda item',
                'verbose_name_plural': 'agenda items',
                'ordering': ['starts_after', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('course__isnull', False), ('session__isnull', True)), models.Q(('course__isnull', True), ('session__isnull', False)), _connector='OR'), name='agenda_of_a_session_or_a_course')],
            },
        ),
    ]
