"""Naming: another title or topic."""

from accounts.models import User
from accounts.models.limits import take
from conversations.models.conversation.changing import Changing
from conversations.models.message import system_message


class Naming(Changing):
    """Renaming a conversation."""

    class Meta:
        abstract = True

    def rename(self, by: User, title: str, topic: str) -> None:
        """Give the conversation another title or topic, or both; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            new_title, new_topic = title != (self.title or ""), topic != self.topic
            self.title, self.topic = title, topic
            self.save(update_fields=["title", "topic"])
            done = [f"renamed this conversation to “{title}”"] if new_title else []
            done += [f"changed the topic to “{topic}”" if topic else "removed the topic"] if new_topic else []
            if done:
                system_message.write(self.pk, revision, by, " and ".join(done))
                self.audit_admins(by, "renamed")
