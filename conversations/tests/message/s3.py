"""A fake S3 server with one bucket in memory and no authentication, enough for a storage backend."""

import re
import threading
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

NO_BUCKET = b"<Error><Code>NoSuchBucket</Code></Error>"
NOT_FOUND = b"<Error><Code>NoSuchKey</Code></Error>"


class Bucket(BaseHTTPRequestHandler):
    """Handles PUT, GET, HEAD and DELETE of objects, and lists them."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, tuple[bytes, float]]

    @property
    def name(self):
        return unquote(urlsplit(self.path).path).removeprefix("/bucket").removeprefix("/")

    def do_PUT(self):
        if not self.path.startswith("/bucket/"):
            return self.answer(404, NO_BUCKET)
        assert "Signature=" in self.headers["Authorization"]
        self.objects[self.name] = self.rfile.read(int(self.headers["Content-Length"]))
        return self.answer(200, b"")

    def do_DELETE(self):
        self.objects.pop(self.name, None)
        self.answer(204, b"")

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        if not self.name:
            return self.answer(200, self.listing())
        if self.name not in self.objects:
            return self.answer(404, NOT_FOUND)
        content = self.objects[self.name]
        if part := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start, end = int(part[1]), int(part[2] or len(content) - 1)
            said = f"bytes {start}-{end}/{len(content)}"
            return self.answer(206, content[start : end + 1], **{"Content-Range": said})
        return self.answer(200, content)

    def listing(self):
        asked = parse_qs(urlsplit(self.path).query)
        prefix, delimiter = asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
        folders, files = set(), []
        for name in self.objects:
            if name.startswith(prefix):
                inner, slash, _ = name.removeprefix(prefix).partition(delimiter)
                folders.add(prefix + inner + slash) if slash else files.append(name)
        words = "".join(f"<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>" for folder in sorted(folders))
        words += "".join(f"<Contents><Key>{name}</Key></Contents>" for name in sorted(files))
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{words}</ListBucketResult>".encode()

    def answer(self, status, content, **headers):
        self.send_response(status)
        headers |= {"Content-Length": len(content), "Last-Modified": formatdate(1, usegmt=True), "ETag": '"e"'}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def bucket():
    """Serve an empty bucket; yield its address, as in FILES_URL, and its objects."""
    handler = type("Handler", (Bucket,), {"objects": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"s3+http://key:secret@127.0.0.1:{server.server_port}/bucket?region=eu", handler.objects
        server.shutdown()
