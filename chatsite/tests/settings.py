"""The settings of the site, except what would only slow down the tests."""

import hashlib

from chatsite.settings import *  # noqa: F403


def schema_hash():
    """Hash what defines the schema: our migrations, and the packages with other migrations."""
    paths = [BASE_DIR / "requirements.txt"]  # noqa: F405
    for app in ("accounts", "chatsite", "conversations"):
        paths += sorted(path for path in (BASE_DIR / app).rglob("migrations/*") if path.suffix in (".py", ".sql"))  # noqa: F405
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in paths)).hexdigest()[:8]


PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES.copy()  # noqa: F405 – the plugin changes where attachments are stored
WHITENOISE_AUTOREFRESH = True  # look up a file when it is requested, instead of scanning all files for each test client
DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"{DATABASE_SESSION} -c synchronous_commit=off"  # noqa: F405
# Under this name a run finds the database of an earlier one (--reuse-db) only if the schema is still the same.
DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{schema_hash()}"}  # noqa: F405
