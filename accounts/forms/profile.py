"""A person's own profile and picture."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LANGUAGES = [("", _("Same as my browser")), *settings.LANGUAGES]
TIME_ZONES = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class ProfileForm(forms.ModelForm):
    """A person's name, language, clock and preferences."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, required=False)

    class Meta:
        model = User
        fields = ["display_name", "about", "language", "time_zone", "theme", "enter_sends", "shortcuts", "sounds"]
        help_texts = {
            "display_name": _("Shown next to your messages. Leave it empty to use your user name."),
            "enter_sends": _("Otherwise Enter starts a new line and Ctrl+Enter sends. On a phone, use the button."),
            "shortcuts": _("For example, j for the next message. Off while you type; Ctrl shortcuts always work."),
            "about": _("Your work, your team, your pronouns. Others see it on your profile."),
        }
        widgets = {"display_name": forms.TextInput(attrs={"autocomplete": "name"})}


class PictureForm(forms.Form):
    """A profile picture; `user.set_picture` decodes it."""

    use_required_attribute = False  # the form of the profile includes it, and can be saved without a picture

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, up to 10 MB. Location and other metadata are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )
