# Never change this file: databases in use were made by it. Later changes are migrations of their own.

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('html', models.TextField(db_default='', editable=False)),
                ('file_names', models.TextField(db_default='', default='', editable=False)),
                ('is_system', models.BooleanField(db_default=False, default=False)),
                ('has_extras', models.BooleanField(db_default=False, default=False, editable=False)),
                ('client_key', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False)),
                ('revision', models.BigIntegerField(db_default=0, default=0, editable=False)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='NOW'))),
                ('edited_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deletion_reason', models.CharField(editable=False, max_length=250, null=True)),
                ('quote', models.TextField(editable=False, null=True)),
            ],
            options={
                'db_table': 'messages',
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=255, null=True)),
                ('topic', models.CharField(blank=True, db_default='', default='', max_length=250)),
                ('kind', models.CharField(choices=[('open', 'Open'), ('private', 'Private'), ('direct', 'Direct')], db_default='open', default='open', max_length=10)),
                ('direct_key', models.CharField(editable=False, max_length=200, null=True)),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived')),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('origin', models.CharField(editable=False, max_length=100, null=True)),
                ('revision', models.BigIntegerField(db_default=0, default=0, editable=False)),
                ('oldest_cursor', models.BigIntegerField(db_default=0, default=0, editable=False)),
                ('last_message_id', models.BigIntegerField(editable=False, null=True)),
                ('last_message_at', models.DateTimeField(db_default=models.Func(function='NOW'), editable=False)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='NOW'), editable=False, verbose_name='started')),
                ('created_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='conversations_started', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversations',
            },
        ),
        migrations.CreateModel(
            name='FormerMember',
            fields=[
                ('pk', models.CompositePrimaryKey('conversation_id', 'user_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('ended_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('membership', models.JSONField()),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='former_members', to='conversations.conversation')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'former_members',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('pk', models.CompositePrimaryKey('conversation_id', 'user_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('joined_at', models.DateTimeField(db_default=models.Func(function='NOW'))),
                ('last_read_message_id', models.BigIntegerField(null=True)),
                ('last_read_at', models.DateTimeField(db_default=models.Func(function='NOW'))),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('member', 'Member'), ('reader', 'Read-only')], db_default='member', default='member', max_length=10)),
                ('notify', models.CharField(choices=[('all', 'Every message'), ('mentions', 'Mentions of me'), ('nothing', 'Nothing: it is muted')], db_default='all', default='all', max_length=10)),
                ('draft', models.TextField(blank=True, db_default='', default='')),
                ('draft_key', models.UUIDField(null=True)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='memberships', to='conversations.conversation')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'conversation_members',
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='members',
            field=models.ManyToManyField(related_name='conversations', through='conversations.Membership', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, primary_key=True, related_name='pin', serialize=False, to='conversations.message')),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=250)),
                ('pinned_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
            ],
            options={
                'db_table': 'pins',
            },
        ),
        migrations.AddField(
            model_name='message',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='messages', to='conversations.conversation'),
        ),
        migrations.AddField(
            model_name='message',
            name='deleted_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='reply_to',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='answers', to='conversations.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='thread',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='replies', to='conversations.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='user',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('mentioned_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('seen_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='conversations.conversation')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='mentions', to='conversations.message')),
            ],
            options={
                'db_table': 'mentions',
            },
        ),
        migrations.CreateModel(
            name='EarlierText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('html', models.TextField(db_default='', default='', editable=False)),
                ('replaced_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='earlier_texts', to='conversations.message')),
            ],
            options={
                'db_table': 'message_earlier_texts',
                'ordering': ['replaced_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.SmallIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('key', models.CharField(max_length=100)),
                ('width', models.IntegerField(null=True)),
                ('height', models.IntegerField(null=True)),
                ('description', models.CharField(blank=True, db_default='', default='', max_length=1000)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='attachments', to='conversations.message')),
            ],
            options={
                'db_table': 'attachments',
            },
        ),
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('pk', models.CompositePrimaryKey('message_id', 'emoji', 'user_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('emoji', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='reactions', to='conversations.message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'message_reactions',
            },
        ),
        migrations.CreateModel(
            name='Saved',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('saved_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('done_at', models.DateTimeField(null=True)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='savings', to='conversations.message')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'saved_messages',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_by_person', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='NOW'))),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('uses_left', models.IntegerField()),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('guest', 'Guest')], max_length=10)),
                ('email', models.CharField(blank=True, default='', max_length=255)),
                ('conversation_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'invitations',
                'constraints': [models.CheckConstraint(condition=models.Q(('uses_left__gte', 0)), name='invitations_are_not_used_too_often')],
            },
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['user'], name='idx_conversation_members_user'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(fields=('direct_key',), name='one_direct_conversation_per_set_of_people'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(fields=('origin',), name='conversations_origin_unique'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direct_key__isnull', False), ('kind', 'direct')), models.Q(models.Q(('kind', 'direct'), _negated=True), ('direct_key__isnull', True)), _connector='OR'), name='direct_conversations_have_a_key'),
        ),
        migrations.AddField(
            model_name='pin',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='pins', to='conversations.conversation'),
        ),
        migrations.AddField(
            model_name='pin',
            name='pinned_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('conversation'), models.OrderBy(models.F('created_at'), descending=True), name='idx_messages_conversation'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('conversation'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('deleted_at__isnull', True)), name='messages_conv_created_id'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', 'revision'], name='messages_conv_revision'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('user'), models.OrderBy(models.F('created_at'), descending=True), name='messages_user_created'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['created_at', 'user'], name='messages_created_user'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('reply_to__isnull', False)), fields=['reply_to'], name='messages_reply_to'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('thread__isnull', False)), fields=['thread', 'created_at'], name='messages_thread'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='messages_deleted'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('deleted_by__isnull', False)), fields=['deleted_by'], name='messages_deleted_by'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('user', 'client_key'), name='messages_client_key_unique'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['user', '-mentioned_at'], name='mentions_of_user'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['conversation', 'user'], name='mentions_unseen'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('key',), name='attachments_key_unique'),
        ),
        migrations.AddIndex(
            model_name='pin',
            index=models.Index(fields=['conversation', '-pinned_at'], name='pins_of_conversation'),
        ),
        migrations.RunSQL('CREATE EXTENSION IF NOT EXISTS pg_trgm', migrations.RunSQL.noop),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'search_words',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='search_words_parts', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.CreateModel(
            name='RecentSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=1000)),
                ('searched_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'recent_searches',
                'constraints': [models.UniqueConstraint(fields=('user', 'words'), name='recent_searches_unique')],
            },
        ),
        migrations.RunSQL(Path(__file__).with_name('0001_search.sql').read_text('utf-8'), migrations.RunSQL.noop),
        # Room in each page for the new version of a row that every message changes, so that no index is touched; and
        # vacuum as messages come in, which keeps the counts of unread ones within the index.
        migrations.RunSQL(
            """
            ALTER TABLE conversations SET (fillfactor = 85);
            ALTER TABLE conversation_members SET (fillfactor = 85);
            ALTER TABLE messages SET (
                autovacuum_vacuum_insert_scale_factor = 0.005, autovacuum_analyze_scale_factor = 0.02
            );
            """,
            migrations.RunSQL.noop,
        ),
    ]
