"""Archiving: an archived conversation can be read, but not written in."""

from accounts.models import User
from accounts.models.limits import take
from conversations.models.conversation.changing import Changing
from conversations.models.event.event import Verb
from conversations.models.message import system_message


class Archiving(Changing):
    """Archiving a conversation, and undoing it."""

    class Meta:
        abstract = True

    def archive(self, by: User) -> None:
        """Archive the conversation, so that nobody can write here; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            if not self.archived_at:
                system_message.write(self.pk, revision, by, Verb.ARCHIVED)
                self.refresh_from_db(fields=["last_message_at"])
                self.archived_at = self.last_message_at
                self.save(update_fields=["archived_at"])
                self.audit_admins(by, "archived")

    def unarchive(self, by: User) -> None:
        """Undo `archive`, so that members can write here again; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            if self.archived_at:
                self.archived_at = None
                self.save(update_fields=["archived_at"])
                system_message.write(self.pk, revision, by, Verb.UNARCHIVED)
                self.audit_admins(by, "unarchived")
