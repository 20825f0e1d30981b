from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of procrastinate 3.10, as its schema.sql creates them, and a table of the errors of jobs."""

    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            Path(__file__).with_name('0001_procrastinate.sql').read_text('utf-8'),
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('queue_name', models.CharField(max_length=128)),
                ('task_name', models.CharField(max_length=128)),
                ('args', models.JSONField()),
                ('status', models.CharField(choices=[('todo', 'waiting'), ('doing', 'running'), ('failed', 'failed'), ('succeeded', 'succeeded')], max_length=32)),
                ('scheduled_at', models.DateTimeField(null=True)),
                ('attempts', models.IntegerField()),
            ],
            options={
                'db_table': 'procrastinate_jobs',
                'default_permissions': (),
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='JobError',
            fields=[
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, primary_key=True, related_name='error', serialize=False, to='jobs.job')),
                ('reason', models.TextField()),
                ('failed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'job_errors',
                'default_permissions': (),
            },
        ),
    ]
