"""A person's own profile and picture."""

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.time_zone import zone_choices

LANGUAGES = [("", _("Same as my browser")), *settings.LANGUAGES]


class TimeZoneChoice(forms.ChoiceField):
    """A time zone. It offers cities by their offset, and accepts the name of any other time zone, too."""

    def valid_value(self, value: Any) -> bool:
        return value in available_timezones()


class ProfileForm(forms.ModelForm):
    """A person's name, language, clock and preferences."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    time_zone = TimeZoneChoice(label=_("Time zone"))
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, required=False)
    sidebar_order = forms.ChoiceField(
        label=_("Order of conversations in the sidebar"), choices=User.SidebarOrder, required=False
    )

    class Meta:
        model = User
        fields = ["display_name", "about", "language", "time_zone", "theme", "enter_sends", "shortcuts"]
        fields += ["sidebar_order", "unread_first", "comfortable"]
        help_texts = {
            "display_name": _("Shown next to your messages. Leave it empty to use your user name."),
            "enter_sends": _("Otherwise Enter starts a new line and Ctrl+Enter sends. On a phone, use the button."),
            "shortcuts": _("For example, j for the next message. Off while you type; Ctrl shortcuts always work."),
            "about": _("Your work, your team, your pronouns. Others see it on your profile."),
        }
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = zone_choices(timezone.now().date())
        stored = self.instance.time_zone
        others = [] if any(stored == name for name, _shown in choices) else [(stored, stored.replace("_", " "))]
        cast("forms.ChoiceField", self.fields["time_zone"]).choices = [*others, *choices]


class ThemeForm(forms.ModelForm):
    """The colours alone, for the menu of every page."""

    class Meta:
        model = User
        fields = ["theme"]


class PictureForm(forms.Form):
    """A profile picture; `user.set_picture` decodes it."""

    use_required_attribute = False  # the form of the profile includes it, and can be saved without a picture

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB. Location and other metadata are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )
