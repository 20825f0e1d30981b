"""Time zones to choose from: cities by their offset; whatever is stored stays valid."""

from datetime import date

import pytest

from accounts.models.time_zone import zone_choices
from accounts.tests.factories import UserFactory

WINTER, SUMMER = date(2026, 1, 15), date(2026, 7, 15)


def test_cities_are_listed_from_west_to_east_with_the_offset_of_the_day():
    winter = dict(zone_choices(WINTER))
    assert winter["Europe/Vienna"] == "(UTC+01:00) Vienna, Europe"
    assert dict(zone_choices(SUMMER))["Europe/Vienna"] == "(UTC+02:00) Vienna, Europe"
    assert winter["America/Argentina/Buenos_Aires"] == "(UTC-03:00) Buenos Aires, Argentina, America"
    assert winter["UTC"] == "(UTC+00:00) UTC"
    names = list(winter)
    assert names.index("Pacific/Honolulu") < names.index("UTC") < names.index("Asia/Tokyo")
    assert not {"Factory", "localtime", "Zulu", "EST5EDT", "W-SU", "posixrules"} & set(names)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["EST5EDT", "Asia/Calcutta"])
def test_a_zone_that_is_no_longer_offered_stays(as_, zone):
    ana = UserFactory(time_zone=zone)
    page = as_(ana).get("/settings/profile/").content.decode()
    assert f'<option value="{zone}" selected>' in page
    assert as_(ana).post("/settings/profile/", {"display_name": "Ana", "time_zone": zone}).status_code == 302
    ana.refresh_from_db()
    assert ana.time_zone == zone
