"""A job deletes expired data."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from accounts.jobs import delete_expired
from accounts.models import CacheEntry, Limit
from accounts.tests.factories import UserFactory
from chatsite.jobs.declaring import schedules


@pytest.mark.django_db
def test_only_expired_sessions_limits_and_cache_rows_are_deleted(as_):
    client, now = as_(UserFactory()), timezone.now()
    for name, moment in (("old", now - timedelta(minutes=1)), ("new", now + timedelta(minutes=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=moment)
        Limit.objects.create(key=name, full_at=moment)
        cache.set(name, "value")
        CacheEntry.objects.filter(cache_key__endswith=name).update(expires=moment)
    delete_expired.call()
    assert set(Session.objects.values_list("session_key", flat=True)) == {client.session.session_key, "new"}
    assert [limit.key for limit in Limit.objects.filter(key__in=["old", "new"])] == ["new"]
    assert [entry.cache_key.rpartition(":")[2] for entry in CacheEntry.objects.all()] == ["new"]


def test_it_is_scheduled():
    assert delete_expired.module_path in schedules
