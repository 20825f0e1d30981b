"""The audit log of owners, admins and the command line. The database refuses to change or delete a line.

Each line holds a hash of itself and of the line before it, computed by the database on insert. A database superuser can
bypass the refusal, but breaks the chain of hashes at the line they change.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models

from chatsite.speed.keyset import Keyset

COMMAND_LINE = "manage.py"
BROKEN = """
SELECT id FROM (
    SELECT id, previous, hash, audit_hash(audit) AS expected, lag(hash, 1, '') OVER (ORDER BY id) AS before FROM audit
) AS line WHERE hash <> expected OR previous <> before ORDER BY id LIMIT 1
"""


class AuditQuerySet(Keyset):
    """Lines of the log."""

    def record(self, by: AbstractBaseUser | None, action: str, target: object = "", details: str = "") -> None:
        """Record what `by` (None: the command line) did, within the transaction that does it."""
        name = by.get_username() if by else COMMAND_LINE
        self.create(actor_id=by and by.pk, actor=name, action=action, target=str(target)[:200], details=details[:500])

    def newest_first(self) -> "AuditQuerySet":
        return self.order_by("-pk")

    def newest_hash(self) -> str | None:
        """Return the hash of the newest line, on which all lines before it depend."""
        return self.newest_first().values_list("hash", flat=True).first()

    def has_hash(self, value: str) -> bool:
        return self.filter(hash=value).exists()

    def first_broken(self) -> int | None:
        """Find the first line that was changed or whose predecessor is missing; None if the chain is intact."""
        with connection.cursor() as cursor:
            cursor.execute(BROKEN)
            row = cursor.fetchone()
        return row[0] if row else None


class Audit(models.Model):
    """One line: who did what to whom. It stores names, as the people may be deleted later."""

    at = models.DateTimeField(db_default=models.Func(function="NOW"))
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=50)
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=200, blank=True, default="")
    details = models.CharField(max_length=500, blank=True, default="")
    # Both are set by a trigger: see the initial migration.
    previous = models.CharField(max_length=64, db_default="", editable=False)
    hash = models.CharField(max_length=64, db_default="", editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        db_table = "audit"

    def __str__(self) -> str:
        return " ".join(filter(None, [self.actor, self.action, self.target, self.details]))
