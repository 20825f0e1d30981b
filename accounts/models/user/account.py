"""The columns of a person."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.not_allowed import NotAllowed
from accounts.models.people import RESERVED
from accounts.models.role import Role
from accounts.models.time_zone import TimeZoneField
from accounts.models.user.name import NameField
from chatsite.speed.fast_rows import FastRows

MAX_NAME_CHARACTERS = 80


class Account(FastRows, AbstractBaseUser):
    """The columns of a person. User names and e-mail addresses are in lower case: no two differ by case alone."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("Same as my system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")
        CONTRAST = "contrast", _("High contrast")

    class Sound(models.TextChoices):
        NONE = "", _("No sound")
        CHIME = "chime", _("Chime")
        DROP = "drop", _("Drop")
        BELL = "bell", _("Bell")

    class SidebarOrder(models.TextChoices):
        ACTIVITY = "", _("The most recently active first")
        NAME = "name", _("By name")

    username = models.CharField(
        _("user name"),
        max_length=50,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]*\Z", _("Use a–z, 0–9 and . - _ only.")),
            RegexValidator(
                rf"^({'|'.join(RESERVED)})\Z", _("This name is reserved for mentioning groups."), inverse_match=True
            ),
        ],
        help_text=_("You sign in with it. Use a–z, 0–9 and . - _"),
        error_messages={"unique": _("This user name is taken.")},
    )
    # The default lets other programs insert people: nobody can sign in to an account without a password.
    password = models.CharField(max_length=128, db_default=UNUSABLE_PASSWORD_PREFIX, editable=False)
    email = models.EmailField(
        _("e-mail address"), max_length=255, error_messages={"unique": _("This address is taken.")}
    )
    display_name = NameField(_("name"), max_length=MAX_NAME_CHARACTERS, blank=True, db_default="")
    about = NameField(_("about me"), max_length=100, blank=True, db_default="", default="")
    time_zone = TimeZoneField(max_length=64, db_default="UTC", default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, blank=True, db_default="", default="")
    language = models.CharField(max_length=10, blank=True, db_default="", default="")
    picture_digest = models.CharField(max_length=16, db_default="", default="", editable=False)
    role = models.CharField(max_length=10, choices=Role, db_default=Role.MEMBER, default=Role.MEMBER)
    sidebar_order = models.CharField(max_length=10, choices=SidebarOrder, blank=True, db_default="", default="")
    unread_first = models.BooleanField(_("Unread conversations first"), db_default=False, default=False)
    comfortable = models.BooleanField(
        _("Comfortable: show the beginning of the newest message"), db_default=False, default=False
    )
    enter_sends = models.BooleanField(
        _("Enter sends the message, Shift+Enter starts a new line"), db_default=True, default=True
    )
    shortcuts = models.BooleanField(_("Keyboard shortcuts (press ? for the list)"), db_default=True, default=True)
    sound = models.CharField(
        _("Notification sound"), max_length=10, choices=Sound, blank=True, db_default="", default=""
    )
    # Whether a reply in a thread goes to the conversation, too, as they last chose.
    replies_in_conversation = models.BooleanField(db_default=False, default=False, editable=False)
    # Deleted accounts are locked at once, and removed permanently some weeks later.
    deleted_at = models.DateTimeField(null=True, editable=False)
    # The value of is_active when the account was deleted.
    was_active = models.BooleanField(db_default=True, default=True, editable=False)
    is_active = models.BooleanField(
        _("active"), db_default=True, default=True, help_text=_("Uncheck to block sign-in; their messages stay.")
    )
    # Raised to end all visits: every session holds a hash of it.
    stamp = models.IntegerField(db_default=0, default=0, editable=False)
    origin = models.CharField(max_length=100, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("joined"), db_default=models.Func(function="NOW"), editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.display_name or self.username

    def refuse_deactivated(self) -> None:
        """Raise NotAllowed where this account is deactivated: its sessions end, but scripts and tokens outlive them."""
        if not self.is_active:
            raise NotAllowed(_("Your account is deactivated"))
