"""Change a person's password: Django's command, with a line in the audit log."""

import getpass

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from accounts.models import User


class Command(changepassword.Command):
    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options):
        done = super().handle(*args, **options)
        User.objects.get_by_natural_key(options["username"] or getpass.getuser()).record_new_password()
        return done
