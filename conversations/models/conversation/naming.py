"""Renaming: changing the title or topic."""

from accounts.models import User
from accounts.models.limits import take
from accounts.models.user.name import visible_name
from conversations.models.conversation.changing import Changing
from conversations.models.event.event import Verb, change
from conversations.models.message import system_message


class Naming(Changing):
    """Renaming a conversation."""

    class Meta:
        abstract = True

    def rename(self, by: User, title: str, topic: str) -> None:
        """Change the title or topic, or both; raise NotAllowed, also for those that nobody could see."""
        take("change", by)
        title, topic = visible_name(title), visible_name(topic)
        with self.managed_by(by) as revision:
            before, after = {"title": self.title or "", "topic": self.topic}, {"title": title, "topic": topic}
            self.title, self.topic = title, topic
            self.save(update_fields=["title", "topic"])
            changed = {name: change(before[name], new) for name, new in after.items() if new != before[name]}
            if changed:
                system_message.write(self.pk, revision, by, Verb.RENAMED, changed)
                self.audit_admins(by, "renamed")
