import pytest

from accounts.tests.factories import UserFactory


@pytest.mark.django_db
def test_people_change_their_name_and_time_zone(as_):
    ana = UserFactory(username="ana")
    answer = as_(ana).post("/settings/profile/", {"display_name": "Ana Lima", "time_zone": "Asia/Tokyo"}, follow=True)
    assert "Profile saved." in answer.content.decode()
    ana.refresh_from_db()
    assert (ana.display_name, ana.time_zone) == ("Ana Lima", "Asia/Tokyo")


@pytest.mark.django_db
def test_an_invalid_time_zone_changes_nothing(as_):
    ana = UserFactory(username="ana")
    answer = as_(ana).post("/settings/profile/", {"display_name": "Ana Lima", "time_zone": "Mars"})
    assert "Select a valid choice" in answer.content.decode()
    assert 'value="Ana Lima"' in answer.content.decode()
    ana.refresh_from_db()
    assert (ana.display_name, ana.time_zone) == ("", "UTC")


@pytest.mark.django_db
def test_html_in_a_name_is_escaped(as_):
    eve = UserFactory(display_name="<script>alert(1)</script>")
    page = as_(eve).get("/settings/profile/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
