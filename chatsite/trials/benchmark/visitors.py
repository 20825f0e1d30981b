"""Fill a site and sign in to it, with any version of Chatsite."""

import re

import psycopg

from chatsite.trials.benchmark.filling.workspace import fill_with_bar
from chatsite.trials.client.person import PASSWORD, Person
from chatsite.trials.client.site import Site

FIELD = re.compile(r'<input type="(?!hidden)[^"]*" name="([^"]+)"')
FILLED_IN = {"display_name": "Person 1", "username": "person1", "email": "person1@example.org", "password": PASSWORD}
SAME_PASSWORD = "UPDATE users SET password = (SELECT password FROM users WHERE id = 1) WHERE id = ANY(%s)"


async def fill_and_sign_in(site: Site, server: psycopg.Connection, messages: int, ids: list[int]) -> dict[int, Person]:
    """Fill an unused site; return people of its workspace, signed in, by their ids."""
    await make_first_account(site)
    fill_with_bar(server, messages)
    server.execute(SAME_PASSWORD, [ids])
    return {number: await sign_in(site, f"person{number}") for number in ids}


async def make_first_account(site: Site) -> None:
    """Sign up with the fields of this version's form, whose names may differ."""
    person = Person(site.port)
    page = await person.get("/accounts/signup/")
    form = {name: FILLED_IN.get(name, "Trial") for name in FIELD.findall(page.body)}
    answer = await person.post("/accounts/signup/", form)
    person.hang_up()
    assert answer.status == 302, answer.body


async def sign_in(site: Site, name: str) -> Person:
    person = Person(site.port)
    await person.get("/accounts/login/")
    answer = await person.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status == 302, answer.body
    return person
