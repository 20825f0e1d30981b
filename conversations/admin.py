"""Conversations and messages in Django admin, which shows owners and admins what they may see as people."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.admin import DenyingAdmin
from accounts.models import User
from conversations.models import Conversation, Message
from conversations.models.access import Kind

MAX_LISTED = 10_000
MAX_MEMBERS = 200  # in the form of a conversation
MESSAGE_FIELDS = ("conversation", "user", "said", "is_system", "created_at")


class ConversationForm(forms.ModelForm):
    """A conversation with its members, whose table has a composite key and so no admin page of its own."""

    members = forms.ModelMultipleChoiceField(User.objects.by_name(), required=False)

    class Meta:
        model = Conversation
        fields = ["title", "topic", "kind", "archived_at"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if members := cast("forms.ModelMultipleChoiceField | None", self.fields.get("members")):
            members.widget = AutocompleteSelectMultiple(
                Conversation._meta.get_field("members"), admin.site, choices=members.choices
            )
            if self.instance.pk:
                self.initial["members"] = self.instance.members.all()
        if "kind" in self.fields:  # else the form is read-only
            kinds = [kind for kind in Kind.choices if kind[0] != Kind.DIRECT]
            cast("forms.ChoiceField", self.fields["kind"]).choices = kinds

    def clean(self) -> None:
        is_private = self.cleaned_data.get("kind") == Kind.PRIVATE
        if "members" in self.fields and is_private and not self.cleaned_data.get("members"):
            self.add_error("members", _("A private conversation needs members, or nobody could find it again."))


class LargeConversationForm(ConversationForm):
    """A conversation with more members than fit into the form; the site's page of members lists them."""

    members = None  # type: ignore[assignment]  # how Django removes an inherited field


@admin.register(Conversation)
class ConversationAdmin(DenyingAdmin):
    form = ConversationForm
    list_display = ["__str__", "kind", "last_message_at", "archived_at"]
    list_filter = ["kind", ("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "topic"]
    readonly_fields = ["created_at", "created_by", "last_message_at"]
    ordering = ["-last_message_at"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        user = person(request)
        return Conversation.objects.visible_to(user).as_seen_by(user).order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        """Leave direct conversations alone: neither their kind nor their people change."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_direct)

    def has_delete_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_direct)

    def get_form(
        self, request: HttpRequest, obj: Conversation | None = None, change: bool = False, **options: Any
    ) -> type[forms.ModelForm]:
        is_large = obj is not None and obj.has_more_members_than(MAX_MEMBERS)
        return super().get_form(request, obj, change, form=LargeConversationForm if is_large else self.form, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: Conversation | None = None) -> list[Any]:
        """Make fields read-only that the conversation's settings page changes only after a warning."""
        return [*self.readonly_fields, *(["kind", "archived_at"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Conversation, form: forms.ModelForm, change: bool) -> None:
        user, data = person(request), form.cleaned_data
        if not change:
            Conversation.objects.start_for(user, obj, list(data["members"]))
            return
        obj.rename(user, data["title"] or "", data["topic"])
        if "members" in data:
            obj.replace_members(user, list(data["members"]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """List what is deleted, without reading the messages; a direct conversation can't be deleted."""
        refused = {"a direct conversation" for conversation in objs if conversation.is_direct}
        return [f"{conversation} and everything said in it" for conversation in objs], {}, refused, []

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        """Delete it in the same way as its settings page, so that it can be undone."""
        obj.delete_by(person(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for conversation in queryset:
            conversation.delete_by(person(request))


class CappedPaginator(Paginator):
    """Pages that don't count all rows of a large table."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet", self.object_list)[:MAX_LISTED].count()


@admin.register(Message)
class MessageAdmin(DenyingAdmin):
    """Messages of conversations that the reader is in, read-only: only their senders may change them."""

    list_display = ["created_at", "conversation", "user", "said"]
    list_select_related = ["conversation", "user"]
    paginator = CappedPaginator
    fields = MESSAGE_FIELDS
    readonly_fields = MESSAGE_FIELDS
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        mine = Message.objects.in_conversations_of(person(request))
        return mine.with_extras().order_by(*self.ordering)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


def person(request: HttpRequest) -> User:
    """Return the signed-in owner or admin; nobody else can use Django admin."""
    return cast("User", request.user)
