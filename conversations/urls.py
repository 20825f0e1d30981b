from django.urls import path

from conversations.views import conversations, events, inbox, invitations, members, messages, people, reports

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("c/new/", conversations.new, name="new-conversation"),
    path("c/browse/", conversations.browse, name="browse"),
    path("c/<int:pk>/", conversations.show, name="conversation"),
    path("c/<int:pk>/messages/", messages.post, name="post-message"),
    path("c/<int:pk>/members/", members.members, name="members"),
    path("c/<int:pk>/join/", conversations.join, name="join"),
    path("c/<int:pk>/leave/", conversations.leave, name="leave"),
    path("c/<int:pk>/read/", conversations.read, name="mark-read"),
    path("c/<int:pk>/draft/", conversations.draft, name="keep-draft"),
    path("m/<int:pk>/", messages.permalink, name="message"),
    path("m/<int:pk>/edit/", messages.edit, name="edit-message"),
    path("m/<int:pk>/delete/", messages.delete, name="delete-message"),
    path("m/<int:pk>/restore/", messages.restore, name="restore-message"),
    path("m/<int:pk>/unread/", messages.unread, name="mark-unread"),
    path("c/<int:pk>/changes/", events.changes, name="changes"),
    path("events/", events.events, name="events"),
    path("people/", people.people, name="people"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/write/", people.write_to, name="write-to"),
    path("people/<str:username>/delete/", people.delete, name="delete-account"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="revoke-invitation"),
    path("join/", invitations.ask, name="ask-invitation"),
    path("join/<str:token>/", invitations.join, name="join-place"),
    path("reports/activity/", reports.activity, name="activity"),
    path("reports/silent/", reports.silent, name="silent"),
]
