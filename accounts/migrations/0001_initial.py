# Never change this file: databases in use were made by it. Later changes are migrations of their own.

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(error_messages={'unique': 'This user name is taken.'}, help_text='You sign in with it: a–z, 0–9 and . - _', max_length=50, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9._-]*\\Z', 'Use a–z, 0–9 and . - _ only.'), django.core.validators.RegexValidator('^(all|here)\\Z', 'This word means several people.', inverse_match=True)], verbose_name='user name')),
                ('password', models.CharField(db_default='!', editable=False, max_length=128)),
                ('email', models.EmailField(error_messages={'unique': 'This address is taken.'}, max_length=255, verbose_name='e-mail address')),
                ('display_name', models.CharField(blank=True, db_default='', max_length=80, verbose_name='name')),
                ('about', models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='what I do')),
                ('time_zone', models.CharField(db_default='UTC', default='UTC', max_length=64)),
                ('theme', models.CharField(blank=True, choices=[('', 'As my system'), ('light', 'Light'), ('dark', 'Dark'), ('contrast', 'High contrast')], db_default='', default='', max_length=10)),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=10)),
                ('picture_digest', models.CharField(db_default='', default='', editable=False, max_length=16)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('guest', 'Guest')], db_default='member', default='member', max_length=10)),
                ('enter_sends', models.BooleanField(db_default=True, default=True, verbose_name='Enter sends a message, and Shift+Enter starts a new line')),
                ('shortcuts', models.BooleanField(db_default=True, default=True, verbose_name='Single keys do things, as ? tells')),
                ('sounds', models.BooleanField(db_default=False, default=False, verbose_name='A sound tells of a mention')),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('was_active', models.BooleanField(db_default=True, default=True, editable=False)),
                ('is_active', models.BooleanField(db_default=True, default=True, help_text="Who is not can't sign in; what they wrote stays.", verbose_name='active')),
                ('stamp', models.IntegerField(db_default=0, default=0, editable=False)),
                ('origin', models.CharField(blank=True, editable=False, max_length=100, null=True)),
                ('created_at', models.DateTimeField(db_default=models.Func(function='NOW'), editable=False, verbose_name='joined')),
            ],
            options={
                'db_table': 'users',
            },
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=models.Func(function='NOW'))),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor', models.CharField(max_length=50)),
                ('action', models.CharField(max_length=100)),
                ('target', models.CharField(blank=True, default='', max_length=200)),
                ('details', models.CharField(blank=True, default='', max_length=500)),
                ('previous', models.CharField(db_default='', editable=False, max_length=64)),
                ('hash', models.CharField(db_default='', editable=False, max_length=64)),
            ],
            options={
                'db_table': 'audit',
            },
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('full_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'limits',
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(default='Chatsite', max_length=50)),
                ('sign_up', models.CharField(choices=[('invitation', 'People with an invitation'), ('domains', 'Also people with an e-mail address at these domains'), ('open', 'Anyone who reaches this site')], default='invitation', max_length=10, verbose_name='who may sign up')),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list)),
                ('second_factor', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('guest', 'Guest')], max_length=10), blank=True, default=list)),
            ],
            options={
                'db_table': 'places',
            },
        ),
        migrations.CreateModel(
            name='Remembered',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'cache',
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='picture', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('content', models.BinaryField()),
            ],
            options={
                'db_table': 'pictures',
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('username',), name='users_username_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('email',), name='users_email_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('origin',), name='users_origin_unique'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='there_is_one_place'),
        ),
        # What the database itself refuses, whoever asks: to lose the last owner, also to two requests at once, and to
        # change what the audit log says.
        migrations.RunSQL(
            """
            CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.role = 'owner' AND OLD.is_active
                    AND (TG_OP = 'DELETE' OR NEW.role <> 'owner' OR NOT NEW.is_active)
                THEN
                    PERFORM pg_advisory_xact_lock(x'6f776e657273'::bigint);
                    IF NOT EXISTS (SELECT FROM users WHERE role = 'owner' AND is_active AND id <> OLD.id) THEN
                        RAISE EXCEPTION 'the last owner stays one' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER the_last_owner_stays BEFORE UPDATE OF role, is_active OR DELETE ON users
                FOR EACH ROW EXECUTE FUNCTION keep_an_owner();

            CREATE FUNCTION audit_hash(line audit) RETURNS text LANGUAGE sql STABLE AS $$
                SELECT encode(sha256(convert_to(jsonb_build_array(
                    line.previous, line.id, extract(epoch FROM line.at), line.actor_id, line.actor, line.action,
                    line.target, line.details
                )::text, 'UTF8')), 'hex')
            $$;
            CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(x'6175646974'::bigint);
                NEW.id = nextval(pg_get_serial_sequence('audit', 'id'));  -- under the lock: ids in the order of the chain
                NEW.previous = coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '');
                NEW.hash = audit_hash(NEW);
                RETURN NEW;
            END $$;
            CREATE TRIGGER audit_is_a_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit();
            CREATE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the audit log is never changed' USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
                FOR EACH ROW EXECUTE FUNCTION refuse_to_change_audit();
            CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();

            ALTER TABLE limits SET UNLOGGED;
            ALTER TABLE cache SET UNLOGGED;
            """,
            migrations.RunSQL.noop,
        ),
    ]
