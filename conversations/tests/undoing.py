"""Steps of tests about undoing: a while goes by, somebody presses Undo."""

import re
from datetime import timedelta

from django.utils import timezone


def let_pass(model, field, **time):
    """Put what happened so far back in time."""
    model.objects.filter(**{f"{field}__isnull": False}).update(**{field: timezone.now() - timedelta(**time)})


def undo(client, answer):
    """Press the Undo of the notice on the page to which an answer leads."""
    page = client.get(answer["Location"]).content.decode()
    [address] = re.findall(r'<form method="post" action="([^"]+)">.{0,200}?<button class="link">Undo', page, re.S)
    return client.post(address)
