"""Choices that are remembered for a person, without a page of settings."""

from accounts.models.user.account import Account


class Choosing(Account):
    """What a person last chose in a form."""

    class Meta:
        abstract = True

    def remember_reply_choice(self, in_conversation: bool) -> None:
        """Remember whether this person sent a reply in a thread to the conversation, too; the next form offers it."""
        if self.replies_in_conversation != in_conversation:
            self.replies_in_conversation = in_conversation
            self.save(update_fields=["replies_in_conversation"])
