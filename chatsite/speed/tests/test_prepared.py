"""Prepared queries: each call gets the rows for its own values, in each thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import User
from accounts.models.signed_in import signed_in_people
from accounts.tests.factories import UserFactory
from chatsite.speed.prepared import Prepared


@pytest.fixture
def find():
    return Prepared(lambda pk, role: signed_in_people().filter(pk=pk, role=role), pk=-1, role="no role")


@pytest.mark.django_db
def test_each_call_has_its_own_values(find):
    ana, boss = UserFactory(), UserFactory(role="owner")
    assert [list(find(pk=person.pk, role=person.role)) for person in (ana, boss, ana)] == [[ana], [boss], [ana]]
    assert not list(find(pk=ana.pk, role="owner"))
    assert next(iter(find(pk=boss.pk, role="owner"))).workspace_name, "annotations are loaded"


@pytest.mark.django_db
def test_constants_stay_as_the_orm_sends_them_and_no_number_is_too_large():
    ana, odd = UserFactory(), UserFactory(display_name="100% 'odd' %s")
    find = Prepared(lambda pk: User.objects.filter(pk=pk, display_name="100% 'odd' %s"), pk=-1)
    assert list(find(pk=odd.pk)) == [odd]
    assert not list(find(pk=ana.pk))
    assert not list(find(pk=10**30))
    ends = Prepared(lambda pk: User.objects.filter(pk=pk, display_name__endswith="%s"), pk=-1)
    assert list(ends(pk=odd.pk)) == [odd]


@pytest.mark.django_db(transaction=True)
def test_threads_get_their_own_rows(find):
    people = UserFactory.create_batch(8)

    def look(person):
        try:
            return [next(iter(find(pk=person.pk, role="member"))) for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for person, found in zip(people, pool.map(look, people), strict=True):
            assert set(found) == {person}


@pytest.mark.django_db
def test_a_hole_may_be_a_number_other_than_a_key():
    wanted, other = UserFactory(stamp=5), UserFactory(stamp=6)
    find = Prepared(lambda stamp: User.objects.filter(stamp=stamp), stamp=-1)
    assert list(find(stamp=5)) == [wanted]
    assert list(find(stamp=6)) == [other]


@pytest.mark.django_db
def test_a_hole_that_is_not_in_the_query_is_an_error():
    find = Prepared(lambda pk, role: User.objects.filter(pk=pk), pk=-1, role="no role")
    with pytest.raises(LookupError, match="role"):
        find(pk=7, role="member")


@pytest.mark.django_db
def test_a_call_must_give_a_value_for_each_hole_and_for_no_other():
    find = Prepared(lambda pk: User.objects.filter(pk=pk), pk=-1)
    for values in ({}, {"pk": 7, "role": "member"}):
        with pytest.raises(TypeError):
            find(**values)


def test_two_holes_with_the_same_value_are_an_error():
    with pytest.raises(ValueError, match="pk, other"):
        Prepared(lambda pk, other: User.objects.filter(pk=pk).exclude(pk=other), pk=-1, other=-1)


@pytest.mark.django_db
def test_a_constant_that_looks_like_a_hole_is_an_error():
    find = Prepared(lambda pk: User.objects.filter(pk=pk).exclude(stamp=-1), pk=-1)
    with pytest.raises(LookupError, match="constant"):
        find(pk=7)


@pytest.mark.django_db
def test_sql_that_depends_on_a_hole_is_an_error():
    find = Prepared(lambda pk: User.objects.filter(pk=pk).order_by("pk" if pk == -1 else "-pk"), pk=-1)
    with pytest.raises(LookupError, match="depends"):
        find(pk=7)
