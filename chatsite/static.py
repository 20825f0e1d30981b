"""Static files for production: style sheets and scripts bundled, names hashed, contents compressed."""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import find, get_finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from chatsite.bundling.bundle import bundle

STYLE = "css/chatsite.css"
LINKED_STYLES = ("css/dark.css", "css/contrast.css", "css/admin.css")  # beside it, or instead
STYLE_IMPORT = re.compile(r'@import "(?P<path>[\w/.-]+)" layer\((?P<layer>\w+)\);')
NEEDLESS = re.compile(
    r'(?P<string>"[^"]*")|/\*.*?\*/\s*|\s*(?P<mark>[{};,])\s*|(?<=:)\s+', re.DOTALL
)  # but for the string and the mark
SCRIPTS = ("js/chatsite.js", "js/entrance.js", "js/forms.js", "js/offline-page.js", "js/live-worker.js")
PARTS = ("js/", "css/components/")  # published only as parts of bundles
SERVICE_WORKER = "js/service-worker.js"  # a classic script, as not every browser takes a module for a service worker


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Bundle style sheets and scripts with the files that they import: one request is faster than a dozen."""

    # The names of parts in bundles. The bundler wrote these calls of `import()`, so none is in a string or a comment.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("*.js", ((r'(?P<matched>import\("(?P<url>\./[^"]+)"\))', 'import("%(url)s")', r"(?!)"),)),
    )

    @cache  # noqa: B019 – there is one storage in a process
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[tuple]:
        bundles = {} if dry_run or STYLE not in paths else bundled(paths)
        parts = [path for path in paths if path.startswith(PARTS) and path not in bundles] if bundles else []
        for path in parts:
            self.delete(path)
            del paths[path]
        for path, content in bundles.items():
            self.delete(path)
            self.save(path, ContentFile(content.encode()))
            paths[path] = (self, path)
        yield from super().post_process(paths, dry_run, **options)


def bundled(paths: dict[str, Any]) -> dict[str, str]:
    """Make all bundles from their sources, as STATIC_ROOT may still hold earlier bundles: {path: text}."""

    def read(path: str) -> str:
        storage, name = paths[path]
        with storage.open(name) as file:
            return file.read().decode()

    bundles = {STYLE: bundled_style(read)}
    bundles |= {path: without_spaces(read(path)) for path in LINKED_STYLES if path in paths}
    for script in SCRIPTS:
        bundles |= bundle(script, read)
    return bundles | bundle(SERVICE_WORKER, read, is_classic=True)


def bundled_style(read: Callable[[str], str]) -> str:
    def content(match: re.Match) -> str:
        path = (PurePosixPath(STYLE).parent / match["path"]).as_posix()
        return f"@layer {match['layer']} {{\n{read(path)}}}\n"

    return without_spaces(STYLE_IMPORT.sub(content, read(STYLE)))


def without_spaces(style: str) -> str:
    """Remove comments, and spaces that mean nothing."""
    shorter = NEEDLESS.sub(lambda match: match["string"] or match["mark"] or "", style)
    return shorter.replace(";}", "}").strip()


def bundled_service_worker() -> str:
    """Bundle the service worker from the sources as they are now, for DEBUG."""

    def read(path: str) -> str:
        found = find(path)
        if not found:
            raise KeyError(path)
        return Path(found).read_text()

    return bundle(SERVICE_WORKER, read, is_classic=True)[SERVICE_WORKER]


def collect() -> None:
    """Collect all static files into STATIC_ROOT, unless none has changed since the last time."""
    stamp, state = settings.STATIC_ROOT / "stamp", fingerprint()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def fingerprint() -> str:
    """Hash the names, sizes and times of all static files of the code and its packages, and the code of bundles."""
    code = [Path(__file__), *sorted(Path(__file__).parent.glob("bundling/*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in code))
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
