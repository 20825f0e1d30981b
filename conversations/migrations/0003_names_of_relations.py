import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two relations get the names of the glossary; nothing moves in the database."""

    dependencies = [
        ('conversations', '0002_saved_message'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='reply_to',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='direct_replies', to='conversations.message'),
        ),
        migrations.AlterField(
            model_name='pin',
            name='message',
            field=models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, primary_key=True, related_name='pinning', related_query_name='pin', serialize=False, to='conversations.message'),
        ),
    ]
