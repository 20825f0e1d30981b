"""People in Django admin, for the owner."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.forms import LowerCaseField
from accounts.models import User


class UserForm(forms.ModelForm):
    """A person, without their password, which only they know."""

    username = LowerCaseField(max_length=50)
    email = LowerCaseField(max_length=255)

    class Meta:
        model = User
        fields = ["username", "email", "display_name", "time_zone", "role", "is_active"]


admin.site.unregister(Group)  # what one may do follows from one's role


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ["username", "display_name", "email", "role", "is_active", "created_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name", "email"]
    readonly_fields = ["created_at", "last_login"]
    ordering = ["username"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Keep owners from taking the place away from themselves."""
        own = ["role", "is_active"] if obj == request.user else []
        return [*self.readonly_fields, *own]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj != request.user

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset.exclude(pk=request.user.pk))

    def get_deleted_objects(self, objs: list[User], request: HttpRequest) -> tuple:
        """Say what is deleted without reading it: the database does it, by its foreign keys."""
        return [str(user) for user in objs], {"people": len(objs)}, set(), []
