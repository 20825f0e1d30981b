from accounts.models.audit import Audit
from accounts.models.cache_entry import CacheEntry
from accounts.models.limits import Limit, LimitReached
from accounts.models.not_allowed import NotAllowed
from accounts.models.picture import Picture
from accounts.models.role import Role
from accounts.models.user.user import User
from accounts.models.visit import Visit
from accounts.models.workspace import Workspace

__all__ = [
    "Audit",
    "CacheEntry",
    "Limit",
    "LimitReached",
    "NotAllowed",
    "Picture",
    "Role",
    "User",
    "Visit",
    "Workspace",
]
