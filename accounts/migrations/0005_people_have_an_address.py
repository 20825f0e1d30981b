from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# At most one account can have lost its address, as addresses are unique; its person or an admin enters another.
REPAIR = "UPDATE users SET email = 'lost-' || id || '@unknown.invalid' WHERE email = ''"


class Migration(migrations.Migration):
    """No account is without an address, not even while it changes."""

    dependencies = [("accounts", "0004_folding")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        AddConstraintNotValid(
            "user", models.CheckConstraint(condition=~models.Q(email=""), name="people_have_an_address")
        ),
        migrations.RunSQL(REPAIR, migrations.RunSQL.noop),
    ]
