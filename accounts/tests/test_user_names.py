import pytest

from accounts.user_names import derive


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Ana Lima", "ana.lima"),
        ("  José   María (he/him) ", "jose.maria"),
        ("Seán O’Brien", "sean.obrien"),
        ("Łukasz Żółć", "lukasz.zolc"),
        ("Jürgen Groß", "jurgen.gross"),
        ("Emre Yıldız", "emre.yildiz"),
        ("Юрий Щукин", "iurii.shchukin"),
        ("Ђорђе Љубић", "djordje.ljubic"),
        ("Αλέξης Θεοδώρου", "alexis.theodorou"),
        ("李雷", ""),
        ("محمد", ""),
        ("🎉", ""),
        ("W" * 80, "w" * 40),
    ],
)
def test_a_user_name_is_derived_from_a_name(name, username):
    assert derive(name) == username
