from conversations.notifications.models.delivery import Hold, NotificationDelivery
from conversations.notifications.models.device import Device
from conversations.notifications.models.notification import Channel, Notification
from conversations.notifications.models.push_key import PushKey
from conversations.notifications.models.reason import Outcome, Reason
from conversations.notifications.models.settings import NotificationSettings

__all__ = [
    "Channel",
    "Device",
    "Hold",
    "Notification",
    "NotificationDelivery",
    "NotificationSettings",
    "Outcome",
    "PushKey",
    "Reason",
]
