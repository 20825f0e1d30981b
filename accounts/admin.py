"""People in Django admin. Their roles, and whether they may sign in, are changed on their page on the site."""

from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.adapters import account_mail
from accounts.forms.fields import LowerCaseField
from accounts.models import User
from accounts.models.visit import signed_in_user


@login_not_required
def sign_in(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Redirect to the site's own page to sign in, with its limits and its second factor."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    signed_in_user(request).allow_admin()
    return redirect("admin:index")


class UserForm(forms.ModelForm):
    """A person, without their password."""

    username = LowerCaseField(max_length=50)
    email = LowerCaseField(max_length=255)

    class Meta:
        model = User
        fields = ["username", "email", "display_name", "about", "time_zone"]


admin.site.login = sign_in  # type: ignore[method-assign] # the only way to replace it without another admin site

# Each app registers its models when its admin module is imported: do that before unregistering them.
for app in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.socialaccount", "allauth.usersessions"):
    import_module(f"{app}.admin")
# Permissions follow from the role, and credentials are nobody else's business.
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class DenyingAdmin(admin.ModelAdmin):
    """An admin page that allows only its own filters in the query string.

    Django would allow filtering by any column and any direct relation, which reveals who is in a private conversation,
    or how a password hash begins.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        filters = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        return lookup in {f"{name}__{kind}" for name in filters for kind in ("exact", "isnull", "isempty")}


@admin.register(User)
class UserAdmin(DenyingAdmin):
    form = UserForm
    list_display = ["username", "display_name", "email", "role", "is_active", "created_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name", "email"]
    readonly_fields = ["role", "is_active", "created_at", "last_login"]
    ordering = ["username"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Make people's own address read-only: their settings require the password first."""
        return [*self.readonly_fields, *(["email"] if obj == request.user else [])]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: accounts are made by invitation."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let admins change only people whom they manage, as a new address is a new way to sign in."""
        user = signed_in_user(request)
        is_theirs = obj is None or obj == user or user.may_manage(obj)
        return super().has_change_permission(request, obj) and is_theirs

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: the page on the site also offers a choice about the person's messages."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        obj.change_account(signed_in_user(request), form.changed_data)
        if "email" in form.changed_data:
            account_mail.tell_old_address(obj, form.initial["email"])
