"""Names: one visible line that disturbs nothing around it, whoever writes it and wherever it comes from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import names
from accounts.forms.profile import ProfileForm
from accounts.jobs import clean_names
from accounts.models import Role, User, Workspace
from accounts.models.user.name import NameFormField, clean_stored_names
from accounts.tests.factories import UserFactory
from chatsite.jobs.declaring import schedules

DISTURBING = {
    "turned around": ("ad\u202enimda", "adnimda"),
    "embedded": ("a\u202ab\u202bc\u202cd\u202de", "abcde"),
    "an isolate that stays open": ("\u2066Ana \u2067Lima\u2068", "Ana Lima"),
    "marks of direction": ("a\u200eb\u200fc\u061cd", "abcd"),
    "nothing wide": ("A\u200bn\u2060a\ufeff", "Ana"),
    "a soft hyphen": ("A\u00adna", "Ana"),
    "fillers": ("\u3164Ana\u115f\u1160\uffa0\u2800", "Ana"),
    "joiners between Latin letters": ("A\u200cn\u200da", "Ana"),
    "joiners at the ends": ("\u200dAna\u200c", "Ana"),
    "hidden words in tags": ("Ana" + "".join(chr(0xE0000 + ord(c)) for c in "admin"), "Ana"),
    "a flag with other tags": ("\U0001f3f4\U000e0061\U000e0062\U000e007f", "\U0001f3f4"),
    "selectors": ("A\ufe0fna\U000e0101", "Ana"),
    "selectors in a row": ("\u2764\ufe0f\ufe0f\ufe0f", "\u2764\ufe0f"),
    "lines": ("Ana\nBoss made Mal an owner\r\n\u2028\u2029\x85!", "Ana Boss made Mal an owner !"),
    "controls": ("A\x1b[31mna\x07\x00\x9b", "A [31mna"),
    "half a character": ("A\ud800na", "A na"),
    "a heap of marks": ("a" + "\u0301" * 60 + "b" + "\u0489" * 4, "a\u0301\u0301\u0301b\u0489\u0489\u0489"),
    "a heap of marks among joiners": ("\u0628" + "\u064b\u064c\u200d" * 20, "\u0628\u064b\u064c\u200d\u064b\u200d"),
    "a heap of marks among vowel signs": (
        "\u0915" + "\u0903\u0902\u0902" * 3,
        "\u0915\u0903\u0902\u0902\u0903\u0902\u0903",
    ),
    "a heap of Hangul marks": ("\uac00" + "\u302e" * 60, "\uac00\u302e\u302e\u302e"),
    "a note without a head": ("A\U0001d159na", "Ana"),
    "marks on nothing": ("\u0301\u0302 Ana \u0303", "Ana"),
    "music that is not drawn": ("A\U0001d173na\ufff9", "Ana"),
}
NEEDED = {
    "Persian": "می\u200cخواهم.txt",
    "Arabic abbreviation": "ه\u200d",
    "Hindi": "क्\u200dष श्री\u200cमान",
    "Malayalam": "ന്\u200d",
    "Sinhala": "ක්\u200dෂ",
    "family": "👩\u200d👩\u200d👧\u200d👦",
    "skin": "👩🏽\u200d💻",
    "heart": "❤\ufe0f\u200d🔥",
    "arrow": "🙂\u200d↔\ufe0f",
    "rainbow": "🏳\ufe0f\u200d🌈",
    "keycap": "1\ufe0f\u20e3",
    "Wales": "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "information": "ℹ\ufe0f",
    "Chinese variant": "葛\U000e0101",
    "Mongolian": "ᠰᠠᠷ\u180eᠠ",
    "Vietnamese": unicodedata.normalize("NFD", "Nguyễn Thị"),
    "Thai": "ผู้ใหญ่",
    "Hebrew": "שָׁלוֹם",
    "Arabic with vowels": "مُحَمَّد",
    "signs": "… – 100 % & co. <b>",
}
NOTHING = [
    "\u200b",
    "\u3164",
    "\u2800\u2800",
    "\u202e",
    "\u0301",
    "\U000e0061",
    "\u200d\u200c",
    "\x00",
    "\ufe0f",
    "\u00ad \u2060",
]


@pytest.mark.parametrize(("name", "cleaned"), DISTURBING.values(), ids=DISTURBING)
def test_what_disturbs_is_left_out(name, cleaned):
    assert names.clean(name) == cleaned


@pytest.mark.parametrize("name", NEEDED.values(), ids=NEEDED)
def test_what_scripts_and_emoji_need_stays(name):
    assert names.clean(name) == name


@pytest.mark.parametrize("name", NOTHING, ids=ascii)
def test_nothing_is_left_of_what_nobody_sees(name):
    assert names.clean(name) == ""


@given(
    st.text(max_size=60)
    | st.text(st.sampled_from("aé\u0301\u064b\u0903\u200b\u200c\u200d\u202e\ufe0f👩💻ا1\u20e3 \n"), max_size=12)
)
def test_a_clean_name_stays_as_it_is_and_has_no_controls(name):
    cleaned = names.clean(name)
    assert names.clean(cleaned) == cleaned
    assert not any(unicodedata.category(each) in names.BREAKS for each in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u3164")
    marks = "".join("m" if unicodedata.category(each) in ("Mn", "Me") and each != "\ufe0f" else "." for each in cleaned)
    assert "m" * (names.MAX_MARKS + 1) not in marks


@pytest.mark.parametrize("name", NOTHING, ids=ascii)
def test_a_form_refuses_a_name_that_nobody_sees(name):
    form = ProfileForm({"display_name": name, "time_zone": "UTC"}, instance=User(username="ana"))
    assert "display_name" in form.errors or not name.strip()
    assert "display_name" not in ProfileForm({"display_name": "  ", "time_zone": "UTC"}, instance=User()).errors


def test_the_limit_counts_what_stays_and_refuses_endless_text_at_once():
    field = NameFormField(max_length=3)
    assert field.clean("\u200bA\u200bn\u200ba\u200b") == "Ana"
    for endless in ("Anna", "\u200b" * 1_000_000):
        with pytest.raises(Exception, match="at most 3"):
            field.clean(endless)


@pytest.mark.django_db
def test_names_that_come_from_no_form_are_stored_clean():
    imported = User.objects.import_person(User(username="mal", display_name="Ana\n\u202eadmin", origin="x:1"))
    imported.refresh_from_db()
    assert imported.display_name == "Ana admin"
    hidden = User.objects.import_person(User(username="no", display_name="\u3164", origin="x:2"))
    assert hidden.name == "no"
    owner = UserFactory(role=Role.OWNER)
    Workspace.objects.current().change(owner, name="Our\u202e place\n")
    assert Workspace.objects.current().name == "Our place"


@pytest.mark.django_db
def test_a_job_cleans_the_names_that_were_stored_before():
    stored = {"Ana\n\u202eadmin": "Ana admin", "\u3164": "", "Jörg  Ö.": "Jörg Ö.", "می\u200cخواهم": None, "Eve": None}
    people = {UserFactory(): name for name in stored}
    for person, name in people.items():
        User.objects.filter(pk=person.pk).update(display_name=name, about=name)
    Workspace.objects.current().change(None, name="Our place")
    Workspace.objects.update(name="Our\u202e place")
    clean_names.call()
    for person, name in people.items():
        person.refresh_from_db()
        expected = name if stored[name] is None else stored[name]
        assert (person.display_name, person.about) == (expected, expected)
    assert Workspace.objects.current().name == "Our place"
    assert clean_stored_names() == 0
    assert clean_names.module_path in schedules
