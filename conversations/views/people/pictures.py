"""Pictures of people."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import Picture


@require_safe
@cache_control(private=True, max_age=31_536_000, immutable=True)
def picture(request, pk, digest):
    """Show a picture to anyone who knows its URL, which contains 64 bits of its hash and can't be guessed."""
    found = get_object_or_404(Picture, user=pk, user__picture_digest=digest)
    return HttpResponse(bytes(found.content), "image/webp")
