"""Editing a message: a new text replaces its text, which becomes an earlier text."""

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from conversations.models.attachment.attachment import Attachment
from conversations.models.message.earlier_text import EarlierText
from conversations.models.message.mentioning import Mentioning
from conversations.text import mentions
from conversations.text.markdown import Rendered


class Editable(Mentioning):
    """A message whose author can edit it."""

    class Meta:
        abstract = True

    def edit(self, by: User, text: str) -> None:
        """Replace the text and store the earlier one; the same text changes nothing.

        Raises NotAllowed for all but the author, for an author who may no longer write here and for a deleted message.
        Raises RefusedText and LimitReached.
        """
        self.refuse_other_authors(by)
        limits.take("change", by)
        if text == self.content:
            return
        self.refuse_invisible(text, has_files=Attachment.objects.filter(message=self.pk).exists())
        rendered = self.render(text, by)  # before taking the lock, as hostile text may take long
        self.allow_notifying(by, rendered.mentions - mentions.may_mention(self.content))
        with self.conversation.changing() as revision:
            self.conversation.allow_writing(by)
            self.replace_text(text, rendered, revision, by)
            self.record_mentions(by)
            self.conversation.touch(self.shown_in)

    def allow_editing(self, by: User) -> None:
        """Raise NotAllowed for those who can't edit this message now."""
        self.refuse_other_authors(by)
        self.conversation.allow_writing(by)

    def refuse_other_authors(self, by: User) -> None:
        if self.user_id != by.pk or not by.is_active:
            raise NotAllowed(_("Only the author can edit this message."))

    def replace_text(self, text: str, rendered: Rendered, revision: int, by: User) -> None:
        """Save a new text, within the change that got `revision`."""
        row = self.conversation.messages.visible_to(by).filter(pk=self.pk, is_system=False)
        before = row.values("content", "html").first()
        if before is None:
            raise NotAllowed(_("Only the author can edit this message."))
        EarlierText.objects.create(message_id=self.pk, content=before["content"], html=before["html"])
        self.content = text
        self.take_over(rendered)
        # Also if it is the same as the content: its change tells the database that the facts are those of the new text.
        self.plain_text = rendered.words
        facts = {"has_link": self.has_link, "has_code": self.has_code, "plain_text": self.plain_text}
        row.update(content=text, html=self.html, edited_at=Now(), revision=revision, **facts)

    @property
    def posted_content(self) -> str:
        """The text as it was first posted."""
        original = EarlierText.objects.filter(message=self.pk).first() if self.edited_at else None
        return original.content if original else self.content
