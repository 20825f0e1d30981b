"""Invitations: links by which people make an account and join some conversations at once.

The link holds the invitation's id, signed with the site's secret key: it can be shown again, and a stolen dump of the
database contains no links.
"""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Audit, NotAllowed, Role, User, Workspace
from accounts.models.limits import take, take_by_address, take_by_key
from accounts.models.role import below
from chatsite.speed.keyset import Keyset
from conversations.models.access import writers
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.former_member import FormerMember
from conversations.models.conversation.lists import ConversationLists

SIGNER = signing.Signer(salt="invitation")
LIFETIME = timedelta(days=1)


class InvitationExpired(Exception):
    """The invitation is used up, has expired or was revoked."""


class InvitationQuerySet(Keyset["Invitation"]):
    """Invitations, and the verbs that create one."""

    def invite(
        self,
        by: User | None,
        role: str = Role.MEMBER,
        uses: int = 1,
        lasting: timedelta = LIFETIME,
        conversations: Collection[Conversation] = (),
        email: str = "",
    ) -> "Invitation":
        """Create an invitation; `by` is None for the command line.

        Raises NotAllowed for a role or a conversation to which `by` may not invite people.
        """
        take("invite", by)
        if by and not (by.is_active and role in by.roles_to_give()):
            raise NotAllowed(_("You may not give people that role."))
        if by and set(conversations) - set(to_invite_to(by)):
            raise NotAllowed(_("You can invite people to your own conversations and to open ones."))
        with transaction.atomic():
            invitation = self.create(
                created_by=by,
                was_by_person=by is not None,
                role=role,
                uses_left=uses,
                expires_at=Now() + lasting,
                email=email,
                conversation_ids=[conversation.pk for conversation in conversations],
            )
            invitation.refresh_from_db(fields=["expires_at", "created_at"])
            Audit.objects.record(by, f"invited a {role} by", invitation, email)
        return invitation

    def count_request(self, email: str, address: str) -> None:
        """Count a visitor's request for an invitation, by IP address and by e-mail address; raise LimitReached."""
        take_by_address("sign up", address)
        take_by_key("invite", email)

    def request(self, email: str) -> "Invitation | None":
        """Make the invitation that a visitor requested; return None if the address may not sign up, or already has."""
        if not Workspace.objects.current().admits(email) or User.objects.filter(email=email).exists():
            return None
        invitation = self.create(role=Role.MEMBER, uses_left=1, expires_at=Now() + LIFETIME, email=email)
        invitation.refresh_from_db(fields=["expires_at", "created_at"])
        return invitation

    def good(self) -> "InvitationQuerySet":
        """Select the invitations that are still valid, without those of people who left or lost their role."""
        admin = Q(created_by__role=Role.ADMIN, role__in=below(Role.ADMIN))
        person = Q(created_by__is_active=True) & (Q(created_by__role=Role.OWNER) | admin)
        inviting = person | Q(created_by__isnull=True, was_by_person=False)
        return self.filter(inviting, uses_left__gt=0, expires_at__gt=Now(), revoked_at__isnull=True)

    def managed_by(self, user: User) -> "InvitationQuerySet":
        """Select the invitations that `user` may create: others would grant more than they may see or give.

        Raises NotAllowed for members and guests.
        """
        if not (user.is_active and user.is_staff):
            raise NotAllowed(_("Only owners and admins can invite people."))
        within = list(to_invite_to(user).values_list("pk", flat=True))
        return self.filter(role__in=user.roles_to_give(), conversation_ids__contained_by=within)

    def newest_first(self) -> "InvitationQuerySet":
        return self.order_by("-pk")

    def named_by(self, token: str) -> "Invitation | None":
        """Find the invitation of a link, if it is still valid."""
        try:
            found = self.good().filter(pk=int(SIGNER.unsign(token))).select_related("created_by").first()
        except (signing.BadSignature, ValueError):
            return None
        return found if found and found.is_still_meant() else None


def to_invite_to(user: User) -> ConversationLists:
    """Query the conversations to which `user` may invite: open ones and those they may write in, but no direct ones."""
    written_in = Q(Exists(writers().filter(conversation=OuterRef("pk"), user=user)))
    seen = Conversation.objects.visible_to(user).filter(written_in | Q(kind=Conversation.Kind.OPEN))
    return seen.filter(archived_at__isnull=True).not_direct().by_activity()


class Invitation(models.Model):
    """An invite link: how many people may create an account with it, and until when."""

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
        """The path of the page on which people accept it."""
        return reverse("accept-invitation", args=[SIGNER.sign(str(self.pk))])

    @property
    def is_for_one_day(self) -> bool:
        # The transaction that created it began a little earlier.
        return self.expires_at - self.created_at < LIFETIME + timedelta(minutes=1)

    def is_still_meant(self) -> bool:
        """Return whether the sign-up rule still allows this requested invitation."""
        is_requested = self.email and not self.was_by_person
        return not is_requested or Workspace.objects.current().admits(self.email)

    def revoke(self, by: User) -> None:
        """Revoke the invitation; raise NotAllowed."""
        take("change", by)
        if not Invitation.objects.managed_by(by).filter(pk=self.pk).exists():
            raise NotAllowed(_("Only owners and admins can invite people."))
        with transaction.atomic():
            if Invitation.objects.filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=Now()):
                Audit.objects.record(by, "revoked", self)

    def hold(self) -> None:
        """Lock the invitation until the transaction ends; raise InvitationExpired.

        If two people accept the last use at once, one waits here, and then finds it used up.
        """
        list(Invitation.objects.select_for_update().filter(pk=self.pk))
        if not Invitation.objects.good().filter(pk=self.pk).exists():
            raise InvitationExpired

    @transaction.atomic
    def accept(self, user: User) -> None:
        """Count one more use, and make `user` a member of the conversations to which the inviter may still invite.

        Conversations from which somebody removed them are left out. Raises NotAllowed, also if none is left, and
        InvitationExpired.
        """
        user.refuse_deactivated()
        take("change", user)
        self.hold()
        Invitation.objects.filter(pk=self.pk).update(uses_left=F("uses_left") - 1)
        conversations = Conversation.objects.not_deleted().filter(archived_at__isnull=True)
        allowed = conversations.with_ids(self.conversation_ids)
        if self.created_by:
            allowed = allowed.filter(pk__in=to_invite_to(self.created_by).values("pk"))
        removed = FormerMember.objects.were_removed(user).values("conversation")
        admitting = list(allowed.exclude(pk__in=removed))
        if not admitting and allowed.exists():
            raise NotAllowed(_("You were removed from this conversation. Ask one of its owners to add you."))
        for conversation in admitting:
            conversation.let_in([user])
