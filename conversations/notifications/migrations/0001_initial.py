import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0011_sound'),
        ('conversations', '0026_index_of_watchers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The foreign keys lock the tables that they lead to, and others wait behind that.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='NotificationSettings',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.DB_CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('push_off', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list)),
                ('mail_off', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list)),
                ('shows', models.CharField(choices=[('all', 'Who wrote, where and what'), ('where', 'Who wrote, and where'), ('who', 'Who wrote'), ('nothing', 'Only that there is a new message')], default='all', max_length=10)),
                ('quiet', models.JSONField(default=list)),
                ('unquiet_until', models.DateTimeField(null=True)),
                ('paused_until', models.DateTimeField(null=True)),
                ('direct_passes', models.BooleanField(default=False)),
                ('passing', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list)),
                ('digest', models.CharField(choices=[('off', 'Never'), ('daily', 'Every day'), ('weekly', 'Once a week')], default='off', max_length=10)),
                ('digest_hour', models.SmallIntegerField(default=8)),
                ('digest_day', models.SmallIntegerField(default=0)),
                ('mailed_at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), default=list)),
                ('refused_address', models.CharField(default='', max_length=255)),
                ('refused_on', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list)),
                ('changed_at', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'notification_settings',
            },
        ),
        migrations.CreateModel(
            name='PushKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('private', models.BinaryField()),
                ('public', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
            ],
            options={
                'db_table': 'push_keys',
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(db_index=True, max_length=40)),
                ('credentials', models.CharField(max_length=64)),
                ('endpoint', models.CharField(max_length=2048, unique=True)),
                ('p256dh', models.BinaryField(max_length=65)),
                ('auth', models.BinaryField(max_length=16)),
                ('browser', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=10)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('reached_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(db_default='', default='', max_length=200)),
                ('refusals', models.SmallIntegerField(db_default=0, default=0)),
                ('removed_at', models.DateTimeField(null=True)),
                ('tested_at', models.DateTimeField(null=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='notifications.pushkey')),
            ],
            options={
                'db_table': 'push_devices',
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'message_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('mention', 'You were mentioned'), ('direct', 'It is a direct message to you'), ('reply', 'It is a reply to your message'), ('thread', 'It is a reply in a thread that you follow'), ('call', 'Everyone was mentioned'), ('watch', 'You chose “Every message” here')], max_length=10)),
                ('others', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), db_default=[], default=list)),
                ('notified_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
                ('push', models.CharField(choices=[('', 'Not sent yet'), ('sent', 'Sent'), ('deleted', 'The message had been deleted'), ('invisible', 'You could not see the message any more'), ('unmentioned', 'An edit had removed the mention'), ('read', 'You had read it already'), ('muted', 'The conversation is muted'), ('thread', 'The thread is muted'), ('level', 'You chose fewer notifications for this conversation'), ('off', 'You switched off notifications of this kind'), ('never', 'There is no mail about messages of this kind'), ('policy', 'The workspace has switched this off'), ('factor', 'You have to set up a second factor first'), ('device', 'No browser of yours had push; open pages showed a notice'), ('mail', 'This site sends no mail'), ('unconfirmed', 'Your e-mail address is not confirmed'), ('refused', 'Mail to your address was refused'), ('failed', 'It could not be delivered')], db_default='', default='', max_length=12)),
                ('push_at', models.DateTimeField(null=True)),
                ('mail', models.CharField(choices=[('', 'Not sent yet'), ('sent', 'Sent'), ('deleted', 'The message had been deleted'), ('invisible', 'You could not see the message any more'), ('unmentioned', 'An edit had removed the mention'), ('read', 'You had read it already'), ('muted', 'The conversation is muted'), ('thread', 'The thread is muted'), ('level', 'You chose fewer notifications for this conversation'), ('off', 'You switched off notifications of this kind'), ('never', 'There is no mail about messages of this kind'), ('policy', 'The workspace has switched this off'), ('factor', 'You have to set up a second factor first'), ('device', 'No browser of yours had push; open pages showed a notice'), ('mail', 'This site sends no mail'), ('unconfirmed', 'Your e-mail address is not confirmed'), ('refused', 'Mail to your address was refused'), ('failed', 'It could not be delivered')], db_default='', default='', max_length=12)),
                ('mail_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conversations.conversation')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='notifications', to='conversations.message')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notifications',
                'indexes': [models.Index(condition=models.Q(('push', '')), fields=['user', 'conversation'], name='notifications_push'), models.Index(condition=models.Q(('mail', '')), fields=['user'], name='notifications_mail'), models.Index(fields=['notified_at'], name='notifications_notified')],
            },
        ),
        migrations.CreateModel(
            name='NotificationDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(null=True)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('attempts', models.SmallIntegerField(db_default=0, default=0)),
                ('additions', models.IntegerField(db_default=0, default=0)),
                ('error', models.CharField(db_default='', default='', max_length=200)),
                ('channel', models.CharField(choices=[('push', 'Push'), ('mail', 'Mail'), ('digest', 'Digest')], max_length=10)),
                ('hold', models.CharField(choices=[('', 'Nothing'), ('looking', 'Looking'), ('pause', 'Pause'), ('quiet', 'Quiet'), ('limit', 'Limit')], db_default='', default='', max_length=10)),
                ('reached', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list)),
                ('conversation', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='conversations.conversation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notification_deliveries',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['channel', 'due_at'], name='deliveries_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('due_at__isnull', False)), fields=('user', 'channel', 'conversation'), name='one_waiting_delivery', nulls_distinct=False)],
            },
        ),
    ]
