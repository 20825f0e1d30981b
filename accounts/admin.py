"""People in Django admin. What they may do, and whether they may come in, is decided on their page on the site."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.forms import LowerCaseField
from accounts.models import Audit, User


@login_not_required
def sign_in(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Lead to where one signs in, instead of asking for a password here."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.is_staff:
        raise PermissionDenied(_("Django admin is for owners and admins."))
    return redirect("admin:index")


class UserForm(forms.ModelForm):
    """A person, without their password, which only they know."""

    username = LowerCaseField(max_length=50)
    email = LowerCaseField(max_length=255)

    class Meta:
        model = User
        fields = ["username", "email", "display_name", "about", "time_zone"]


# One signs in here as everywhere, within the same limits and with the same second factor.
admin.site.login = sign_in

# What one may do follows from one's role; and what one signs in with is nobody else's.
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ["username", "display_name", "email", "role", "is_active", "created_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name", "email"]
    readonly_fields = ["role", "is_active", "created_at", "last_login"]
    ordering = ["username"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Let nobody change their own address here, which asks who it is nowhere."""
        return [*self.readonly_fields, *(["email"] if obj == request.user else [])]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let admins change whom they manage: another address is another way in."""
        is_theirs = obj is None or obj == request.user or request.user.may_manage(obj)
        return super().has_change_permission(request, obj) and is_theirs

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Deleting asks what becomes of the words, which admin does not."""
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        obj.save(update_fields=form.changed_data)
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # allauth makes one of the new address, to be confirmed
        details = ", ".join(f"{name} to {form.cleaned_data[name]}" for name in form.changed_data)
        Audit.objects.record(request.user, "changed the account of", obj.username, details)
