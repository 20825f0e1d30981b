"""The audit log: what owners, admins and the command line have done. The database refuses to change or delete a line.

Each line holds a hash of itself and the line before it, made by the database when it is written: whoever gets around
the refusal, as the database's own superuser can, breaks the chain where they changed it.
"""

from typing import TYPE_CHECKING

from django.db import connection, models

from chatsite.speed.keyset import Keyset

if TYPE_CHECKING:
    from accounts.models import User

COMMAND_LINE = "manage.py"
BROKEN = """
SELECT id FROM (
    SELECT id, previous, hash, audit_hash(audit) AS expected, lag(hash, 1, '') OVER (ORDER BY id) AS before FROM audit
) AS line WHERE hash <> expected OR previous <> before ORDER BY id LIMIT 1
"""


class AuditQuerySet(Keyset):
    """Lines of the log."""

    def record(self, by: "User | None", action: str, target: object = "", details: str = "") -> None:
        """Write down that `by` (None: somebody at the command line) did something, within the same transaction."""
        name = by.username if by else COMMAND_LINE
        self.create(actor_id=by and by.pk, actor=name, action=action, target=str(target)[:200], details=details[:500])

    def newest_first(self) -> "AuditQuerySet":
        return self.order_by("-pk")

    def first_broken(self) -> int | None:
        """Find the first line that is not as it was written, or does not follow the one before; None if all do."""
        with connection.cursor() as cursor:
            cursor.execute(BROKEN)
            row = cursor.fetchone()
        return row[0] if row else None


class Audit(models.Model):
    """Who did what to whom; names, as the people may be gone by now."""

    at = models.DateTimeField(db_default=models.Func(function="NOW"))
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=50)
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=200, blank=True, default="")
    details = models.CharField(max_length=500, blank=True, default="")
    # Both are the database's: see the trigger in the migration.
    previous = models.CharField(max_length=64, db_default="", editable=False)
    hash = models.CharField(max_length=64, db_default="", editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        db_table = "audit"

    def __str__(self) -> str:
        return " ".join(filter(None, [self.actor, self.action, self.target, self.details]))
