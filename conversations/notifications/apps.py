"""The Django app of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the couriers of pushes and mails."""

    name = "conversations.notifications"
    label = "notifications"

    def ready(self) -> None:
        from chatsite.deliveries.courier import register
        from conversations.notifications.mail.courier import MailCourier
        from conversations.notifications.mail.digest_courier import DigestCourier
        from conversations.notifications.push.courier import PushCourier

        for courier in (PushCourier(), MailCourier(), DigestCourier()):
            register(courier)
