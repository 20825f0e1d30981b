"""The settings of the site, but for what would only slow the tests down."""

import hashlib

from chatsite.settings import *  # noqa: F403


def schema_hash():
    """Hash what makes the schema: our migrations, and the packages that bring others."""
    paths = [BASE_DIR / "requirements.txt"]  # noqa: F405
    for app in ("accounts", "chatsite", "conversations"):
        paths += sorted(path for path in (BASE_DIR / app).rglob("migrations/*") if path.suffix in (".py", ".sql"))  # noqa: F405
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in paths)).hexdigest()[:8]


PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES.copy()  # noqa: F405 – the plugin changes where attachments are stored
WHITENOISE_AUTOREFRESH = True  # to look for a file when it is asked for, instead of for all of them in each test client
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
# Under this name a run finds the database of an earlier one (--reuse-db) only if the schema is still the same.
DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{schema_hash()}"}  # noqa: F405
