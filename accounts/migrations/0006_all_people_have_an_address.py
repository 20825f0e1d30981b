from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Every earlier account has an address, too."""

    dependencies = [("accounts", "0005_people_have_an_address")]

    operations = [ValidateConstraint("user", "people_have_an_address")]
