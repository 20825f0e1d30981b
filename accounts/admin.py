"""People in Django admin. What they may do, and whether they may come in, is decided on their page on the site."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from accounts.forms import LowerCaseField
from accounts.models import Audit, User


class UserForm(forms.ModelForm):
    """A person, without their password, which only they know."""

    username = LowerCaseField(max_length=50)
    email = LowerCaseField(max_length=255)

    class Meta:
        model = User
        fields = ["username", "email", "display_name", "about", "time_zone"]


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
