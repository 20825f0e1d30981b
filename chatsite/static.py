"""Static files for production: style sheets and scripts bundled, names hashed, contents compressed."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Each bundle: the statement by which it imports files, and the text that replaces the statement.
SCRIPTS = (r'import "\./(?P<path>[\w/.-]+)";', "{{\n{content}}}\n")
BUNDLES = {
    "css/chatsite.css": (r'@import "(?P<path>[\w/.-]+)" layer\((?P<layer>\w+)\);', "@layer {layer} {{\n{content}}}\n"),
    "js/chatsite.js": SCRIPTS,
    "js/entrance.js": SCRIPTS,
}


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Replace the imports of bundles by the files themselves: one request is faster than a dozen."""

    @cache  # noqa: B019 – there is one storage in a process
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[tuple]:
        for bundle in () if dry_run else BUNDLES.keys() & paths.keys():
            content = bundled(bundle, paths)
            self.delete(bundle)
            self.save(bundle, ContentFile(content.encode()))
            paths[bundle] = (self, bundle)
        yield from super().post_process(paths, dry_run, **options)


def bundled(bundle: str, sources: dict[str, Any]) -> str:
    """Build a bundle from its sources, as STATIC_ROOT may still hold an earlier bundle."""
    statement, template = BUNDLES[bundle]

    def read(path: str) -> str:
        storage, name = sources[path]
        with storage.open(name) as file:
            return file.read().decode()

    def content(match: re.Match) -> str:
        path = (PurePosixPath(bundle).parent / match["path"]).as_posix()
        return template.format(**match.groupdict(), content=read(path))

    return re.sub(statement, content, read(bundle))


def collect() -> None:
    """Collect all static files into STATIC_ROOT, unless none has changed since the last time."""
    stamp, state = settings.STATIC_ROOT / "stamp", fingerprint()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def fingerprint() -> str:
    """Hash the names, sizes and times of all static files of the code and its packages."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
