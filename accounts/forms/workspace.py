"""The settings of the workspace."""

import re
from typing import Any

from django import forms
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User, Workspace

is_domain = DomainNameValidator()
ROLE_GROUPS = {
    Role.OWNER: _("Owners"),
    Role.ADMIN: _("Admins"),
    Role.MEMBER: _("Members"),
    Role.GUEST: _("Guests"),
}


class WorkspaceForm(forms.ModelForm):
    """The name of the workspace, who may sign up, and which roles need a second factor."""

    sign_up = forms.ChoiceField(label=_("Who may sign up"), choices=Workspace.SignUp, widget=forms.RadioSelect)
    domains = forms.CharField(
        label=_("Domains"),
        required=False,
        max_length=2000,
        help_text=_(
            "For example example.org; separate several with spaces. People with such an address get a link by mail."
        ),
    )
    second_factor = forms.MultipleChoiceField(
        label=_("Require a second factor for"),
        choices=ROLE_GROUPS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "In addition to the password: a passkey or an authenticator app."
            " People without one are asked to set it up when they sign in."
        ),
    )

    class Meta:
        model = Workspace
        fields = ["name", "sign_up", "domains", "second_factor"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, sends_mail: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sends_mail = sends_mail
        self.initial["domains"] = " ".join(self.instance.domains)

    def clean_domains(self) -> list[str]:
        domains = re.split(r"[\s,;]+", self.cleaned_data["domains"].lower().replace("@", " ").strip())
        for domain in filter(None, domains):
            is_domain(domain)
        return sorted(set(filter(None, domains)))

    def clean(self) -> None:
        if self.cleaned_data.get("sign_up") != Workspace.SignUp.DOMAINS:
            return
        if not self.cleaned_data.get("domains") and "domains" not in self.errors:
            self.add_error("domains", _("Enter the domains whose people may sign up."))
        if not self.sends_mail:
            self.add_error("sign_up", _("Addresses cannot be verified because no mail is set up: see MAIL_URL."))

    def change(self, by: User) -> None:
        self.instance.change(by, **self.cleaned_data)


class PolicyForm(forms.ModelForm):
    """What notifications may do."""

    most_shown = forms.ChoiceField(
        label=_("Notifications show at most"), choices=Workspace.Shows, help_text=_("On lock screens and in mail.")
    )

    class Meta:
        model = Workspace
        fields = ["allows_push", "allows_mail", "most_shown"]
        labels = {
            "allows_push": _("Allow push notifications (sent encrypted through the browser makers’ servers)"),
            "allows_mail": _("Allow mail about messages"),
        }

    def change(self, by: User) -> None:
        self.instance.change(by, **self.cleaned_data)
