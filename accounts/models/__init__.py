from accounts.models.audit import Audit
from accounts.models.limit import Limit, LimitReached
from accounts.models.picture import Picture
from accounts.models.role import Role
from accounts.models.user import User
from accounts.models.visit import Visit
from accounts.models.workspace import Workspace

__all__ = ["Audit", "Limit", "LimitReached", "Picture", "Role", "User", "Visit", "Workspace"]
