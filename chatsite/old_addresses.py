"""Addresses of release 0.1 that have changed since: bookmarks and pages open during the upgrade still work."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path
from django.views.generic import RedirectView


class MovedView(RedirectView):
    """Redirect permanently to the current address; a POST stays a POST, with its body."""

    query_string = True
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, **parts: object) -> HttpResponse:
        address = self.get_redirect_url(**parts)
        return HttpResponsePermanentRedirect(str(address), preserve_request=request.method == "POST")


MOVED = {
    "inbox/read/": "mark-inbox-read",
    "inbox/unread/": "mark-inbox-unread",
    "inbox/put-back/": "restore-read-markers",
    "go/": "quick-switcher",
    "go/offers/": "quick-switcher-results",
    "first-steps/put-away/": "dismiss-first-steps",
    "c/<int:pk>/come-back/": "rejoin",
    "c/<int:pk>/read/": "mark-read",
    "c/<int:pk>/told/": "notified",
    "m/<int:pk>/unread/": "mark-unread",
    "people/<str:username>/write/": "message-person",
    "search/forget/": "clear-recent-searches",
    "deleted/": "trash",
    "deleted/conversations/": "trash-conversations",
    "deleted/people/": "trash-people",
    "settings/place/": "workspace",
}

urlpatterns = [path(route, MovedView.as_view(pattern_name=name)) for route, name in MOVED.items()]
