"""The refusal of every verb: 403 at every door."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """Somebody sees a thing, but may not do this with it; the argument says why, in their language."""
