"""What becomes of somebody's words when their account is deleted: they stay under nobody's name, or they go as well."""

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import Audit, User
from conversations.models.announcing import announce
from conversations.models.attachment import Attachment
from conversations.models.conversation import Conversation
from conversations.models.earlier_text import EarlierText

# Each message gets a revision of its own, as pages that are open are told of changes in their order.
EMPTY = """
WITH theirs AS (
    SELECT id, row_number() OVER (ORDER BY revision, id) AS nth FROM messages
    WHERE conversation_id = %(conversation)s AND user_id = %(user)s
), raised AS (
    UPDATE conversations SET revision = revision + (SELECT count(*) FROM theirs) WHERE id = %(conversation)s
    RETURNING revision - (SELECT count(*) FROM theirs) AS before
)
UPDATE messages SET content = '', html = '', deleted_at = coalesce(deleted_at, now()), revision = before + nth
FROM theirs, raised WHERE messages.id = theirs.id
"""


def delete_account(person: User, by: User, with_words: bool) -> None:
    """Delete the account of `person` for good, and `with_words` all they wrote; raise PermissionDenied.

    The person is kept out first, so that they say nothing meanwhile. The rest is one transaction: where it fails, they
    are deactivated and no more.
    """
    if with_words and person.is_active:
        person.deactivate(by)
    with transaction.atomic():
        if with_words:
            remove_words(person, by)
        person.remove(by)


def remove_words(person: User, by: User) -> None:
    if not by.may_manage(person):
        raise PermissionDenied("Only owners, and admins below them, do that.")
    Attachment.objects.discard(person.messages.all())
    wrote_in = person.messages.order_by("conversation").values_list("conversation", flat=True).distinct()
    for conversation in Conversation.objects.select_for_update().order_by("pk").filter(pk__in=wrote_in):
        EarlierText.objects.filter(message__user=person, message__conversation=conversation).delete()
        with connection.cursor() as cursor:
            cursor.execute(EMPTY, {"conversation": conversation.pk, "user": person.pk})
        conversation.find_newest()
        conversation.refresh_from_db(fields=["revision"])
        announce("conversation", conversation.pk, conversation.revision)
    Audit.objects.record(by, "deleted the words of", person.username)
