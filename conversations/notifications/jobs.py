"""The jobs of notifications: tests of devices, and deleting what is too old to be explained."""

from django.tasks import task
from django.utils.translation import override

from chatsite.jobs.declaring import every
from conversations.notifications.models import Device, Notification
from conversations.notifications.push.available import why_not
from conversations.notifications.push.courier import target_of
from conversations.notifications.push.payload import test_payload
from conversations.notifications.push.sending import Urgency, push

TEST = Urgency("high", 60)


@task
def send_test(pk: int) -> None:
    """Send the push of a test to one browser, and store what its push service answers."""
    users = Device.objects.filter(pk=pk).values_list("user", flat=True)
    for device in [] if why_not() else Device.objects.alive(set(users)):
        if device.pk != pk or not device.key.is_readable:
            continue
        with override(device.language):
            payload = test_payload(device.pk)
        device.learn(push(target_of(device), payload, TEST))


@every("47 3 * * *")
@task
def delete_old() -> None:
    """Delete notifications that are too old to be explained, and browsers whose visits have ended."""
    Notification.objects.delete_old()
    Device.objects.delete_ended()
