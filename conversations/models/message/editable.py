"""Editing a message: a new text replaces its text, which becomes an earlier text; files are added and removed."""

from collections.abc import Collection, Sequence

from django.db import models, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from conversations.models.attachment import stored_file
from conversations.models.attachment.attachment import MAX_FILES, Attachment, RefusedFile, too_many
from conversations.models.message.earlier_text import EarlierText
from conversations.models.message.mentioning import Mentioning
from conversations.text import mentions
from conversations.text.markdown import Rendered


class Editable(Mentioning):
    """A message whose author can edit it."""

    class Meta:
        abstract = True

    def edit(
        self, by: User, text: str, *, attachments: Sequence[Attachment] = (), removed: Collection[int] = ()
    ) -> None:
        """Replace the text and store the earlier one, add files and remove those with the ids `removed`.

        The same text and the same files change nothing. `attachments` come from `Attachment.objects.storing`. Removed
        files are deleted at once and permanently. Raises NotAllowed for all but the author, for an author who may no
        longer write here and for a deleted message. Raises RefusedText, RefusedFile and LimitReached.
        """
        self.refuse_other_authors(by)
        limits.take("change", by)
        files = list(self.own_files())
        leaving = [file for file in files if file.pk in removed]
        if text == self.content and not leaving and not attachments:
            return
        self.refuse_invisible(text, has_files=len(files) + len(attachments) > len(leaving))
        rendered = self.render(text, by)  # before taking the lock, as hostile text may take long
        added = self.added_groups(rendered)
        self.allow_notifying(by, added | (rendered.mentions - mentions.GROUPS))
        with self.conversation.changing() as revision:
            self.conversation.allow_writing(by)
            earlier = self.change_files(attachments, leaving) if attachments or leaving else None
            self.replace_text(text, rendered, revision, by, earlier)
            self.record_mentions(by, added_groups=added)
            self.conversation.touch(self.shown_in)

    def own_files(self) -> models.QuerySet[Attachment]:
        """Query the files of the message in their order."""
        return Attachment.objects.filter(message=self.pk).order_by("position")

    def allow_editing(self, by: User) -> None:
        """Raise NotAllowed for those who can't edit this message now."""
        self.refuse_other_authors(by)
        self.conversation.allow_writing(by)

    def refuse_other_authors(self, by: User) -> None:
        if self.user_id != by.pk or not by.is_active:
            raise NotAllowed(_("Only the author can edit this message."))

    def change_files(self, added: Sequence[Attachment], leaving: Sequence[Attachment]) -> list[str]:
        """Add and remove files, within a change; return the names of the files before. Raises RefusedFile."""
        files = self.own_files()
        before = list(files.values_list("name", flat=True))
        files.filter(pk__in=[file.pk for file in leaving]).delete()
        if files.count() + len(added) > MAX_FILES:
            raise RefusedFile(too_many(files.count() + len(added)))
        last = files.aggregate(last=Max("position", default=-1))["last"]
        for position, attachment in enumerate(added, last + 1):
            attachment.message_id, attachment.position = self.pk, position
        Attachment.objects.bulk_create(added)
        self.file_names = " ".join(files.values_list("name", flat=True))
        keys = [file.key for file in leaving]
        transaction.on_commit(lambda: stored_file.remove(keys), robust=True)  # else `sweep` deletes them later
        return before

    def replace_text(
        self, text: str, rendered: Rendered, revision: int, by: User, file_names: list[str] | None = None
    ) -> None:
        """Save a new text, within the change that got `revision`; `file_names` are the former files if they changed."""
        row = self.conversation.messages.visible_to(by).filter(pk=self.pk, is_system=False)
        before = row.values("content", "html").first()
        if before is None:
            raise NotAllowed(_("Only the author can edit this message."))
        EarlierText.objects.create(message_id=self.pk, **before, file_names=file_names)
        self.content = text
        self.take_over(rendered)
        # Also if it is the same as the content: its change tells the database that the facts are those of the new text.
        self.plain_text = rendered.words
        facts = {"has_link": self.has_link, "has_code": self.has_code, "plain_text": self.plain_text}
        if file_names is not None:
            facts |= {"file_names": self.file_names, "has_extras": True}
        row.update(content=text, html=self.html, edited_at=Now(), revision=revision, **facts)

    @property
    def posted_content(self) -> str:
        """The text as it was first posted."""
        original = EarlierText.objects.filter(message=self.pk).first() if self.edited_at else None
        return original.content if original else self.content
