"""The exception by which a verb refuses; every door answers 403."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """A person may see something, but not do this with it; the argument says why, in their language."""
