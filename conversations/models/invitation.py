"""Invitations: links by which people make an account, and are in some conversations at once.

The link holds the invitation's id, signed with the site's secret key: it can be shown again, and a stolen dump of the
database holds none.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Audit, Role, User, Workspace
from accounts.models.role import below
from chatsite.speed.keyset import Keyset
from conversations.models.access import Kind
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.membership import Membership

SIGNER = signing.Signer(salt="invitation")


class InvitationExpired(Exception):
    """This invitation is used up, too old or taken back."""


class InvitationQuerySet(Keyset):
    """Invitations, and the verb that makes one."""

    @transaction.atomic
    def invite(
        self,
        by: User | None,
        role: str = Role.MEMBER,
        uses: int = 1,
        lasting: timedelta = timedelta(days=7),
        conversations: Iterable[Conversation] = (),
        email: str = "",
    ) -> "Invitation":
        """Make an invitation; `by` is None for the command line, and for who asks for one by mail.

        Raises PermissionDenied for a role or a conversation that is not theirs to give.
        """
        conversations = list(conversations)
        if by and role not in by.roles_to_give():
            raise PermissionDenied(_("That role is not yours to give."))
        if by and set(conversations) - set(to_invite_to(by)):
            raise PermissionDenied(_("You invite people to conversations that you are in, and to open ones."))
        expires_at = Now() + lasting
        fields = {"role": role, "uses_left": uses, "expires_at": expires_at, "email": email}
        fields["conversation_ids"] = [conversation.pk for conversation in conversations]
        invitation = self.create(created_by=by, was_by_person=by is not None, **fields)
        invitation.refresh_from_db(fields=["expires_at", "created_at"])
        return invitation

    def good(self) -> "InvitationQuerySet":
        """Keep those that still let somebody in; who has left or lost their role invites nobody any more."""
        admin = Q(created_by__role=Role.ADMIN, role__in=below(Role.ADMIN))
        person = Q(created_by__is_active=True) & (Q(created_by__role=Role.OWNER) | admin)
        inviting = person | Q(created_by__isnull=True, was_by_person=False)
        return self.filter(inviting, uses_left__gt=0, expires_at__gt=Now(), revoked_at__isnull=True)

    def managed_by(self, user: User) -> "InvitationQuerySet":
        """Keep those that `user` could have made: others would lead past what they may see or give."""
        within = list(to_invite_to(user).values_list("pk", flat=True))
        return self.filter(role__in=user.roles_to_give(), conversation_ids__contained_by=within)

    def newest_first(self) -> "InvitationQuerySet":
        return self.order_by("-pk")

    def named_by(self, token: str) -> "Invitation | None":
        """Find the invitation of a link, if it is still good."""
        try:
            found = self.good().filter(pk=int(SIGNER.unsign(token))).select_related("created_by").first()
        except (signing.BadSignature, ValueError):
            return None
        return found if found and found.is_still_meant() else None


def to_invite_to(user: User) -> models.QuerySet[Conversation]:
    """Query the conversations to which `user` may invite: theirs and open ones, but no direct or archived ones."""
    visible = Conversation.objects.visible_to(user).filter(archived_at__isnull=True)
    return visible.exclude(kind=Kind.DIRECT).by_activity()


class Invitation(models.Model):
    """So many people may make an account until then."""

    created_by = models.ForeignKey(User, models.DB_SET_NULL, null=True, db_index=False, related_name="invitations")
    was_by_person = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    uses_left = models.IntegerField()
    role = models.CharField(max_length=10, choices=Role)
    email = models.CharField(max_length=255, blank=True, default="")
    conversation_ids = ArrayField(models.BigIntegerField(), default=list)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "invitations"
        constraints = [models.CheckConstraint(condition=Q(uses_left__gte=0), name="invitations_are_not_used_too_often")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def link(self) -> str:
        """The path of the page where one accepts."""
        return reverse("accept-invitation", args=[SIGNER.sign(self.pk)])

    def is_still_meant(self) -> bool:
        """Tell whether the rule still holds by which somebody asked for this invitation themselves."""
        asked_for = self.email and not self.was_by_person
        return not asked_for or Workspace.objects.current().admits(self.email)

    def revoke(self, by: User) -> None:
        """Let nobody in any more by this link."""
        with transaction.atomic():
            if Invitation.objects.filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=Now()):
                Audit.objects.record(by, "revoked", self)

    def use(self) -> None:
        """Count one more use, within the transaction that makes the account; raise InvitationExpired."""
        list(Invitation.objects.select_for_update().filter(pk=self.pk))  # of two at once one waits, then looks
        if not Invitation.objects.good().filter(pk=self.pk).update(uses_left=F("uses_left") - 1):
            raise InvitationExpired

    def bring_in(self, user: User) -> None:
        """Make `user` a member of its conversations, as far as who invites may still do that."""
        there = Conversation.objects.filter(archived_at__isnull=True, deleted_at__isnull=True)
        allowed = there.filter(pk__in=self.conversation_ids)
        if self.created_by:
            allowed = allowed.filter(pk__in=to_invite_to(self.created_by).values("pk"))
        for conversation in allowed:
            Membership.objects.add(conversation, [user])
