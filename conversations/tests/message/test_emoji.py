"""The list of emoji that the picker loads on first use."""

import gzip
import json
import re

import pytest

MAX_BYTES = 35_000  # compressed; with the scripts of the picker 40 kB


def list_of(client, language):
    client.cookies["django_language"] = language
    [address] = re.findall(r'<emoji-picker data-address="([^"]+)"', client.get("/").content.decode())
    return client.get(address, headers={"accept-encoding": "gzip"}), address


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_list_is_small_and_browsers_store_it(world, as_, language):
    answer, _ = list_of(as_(world.ana), language)
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= MAX_BYTES
    assert json.loads(gzip.decompress(answer.content))["groups"]
    assert "immutable" in answer["Cache-Control"]


def test_the_list_is_in_the_language_of_the_page(world, as_):
    client = as_(world.ana)
    (_, english), (_, german) = list_of(client, "en"), list_of(client, "de")
    assert client.get(english).json()["words"]["search"] == "Search emoji"
    assert client.get(german).json()["words"]["search"] == "Emoji suchen"
    assert client.get(english.replace("/en/", "/xx/")).status_code == 404


def test_another_version_gets_the_current_list(world, as_):
    client = as_(world.ana)
    _, address = list_of(client, "en")
    old = re.sub(r"/\w+\.json", "/0123.json", address)
    assert client.get(old).content == client.get(address).content
