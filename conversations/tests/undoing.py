"""Steps shared by tests of Undo: let time pass, press Undo."""

import re
from datetime import timedelta

from django.utils import timezone


def let_pass(model, field, **time):
    """Move the times in `field` back, as if this much time had passed since."""
    model.objects.filter(**{f"{field}__isnull": False}).update(**{field: timezone.now() - timedelta(**time)})


def undo(client, answer):
    """Press Undo in the notice on the page that a response redirects to."""
    page = client.get(answer["Location"]).content.decode()
    [address] = re.findall(r'<form method="post" action="([^"]+)">.{0,200}?<button class="link">Undo', page, re.S)
    return client.post(address)
