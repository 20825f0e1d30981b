from accounts.models.user import User
from accounts.models.visit import Visit

__all__ = ["User", "Visit"]
