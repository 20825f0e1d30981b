"""A push service on this machine, and browsers that are subscribed there."""

import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from conversations.notifications.push.encryption import from_base64, public_bytes, to_base64


class Browser:
    """A browser with a subscription: it decrypts what the service has received for it."""

    def __init__(self, service, name):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.path = f"/push/{name}"
        self.service = service

    @property
    def subscription(self):
        public = public_bytes(self.key.public_key())
        return {"endpoint": self.service.origin + self.path, "p256dh": to_base64(public), "auth": to_base64(self.auth)}

    @property
    def pushes(self):
        """What it was sent, the oldest first."""
        return [loads(self.decrypt(body)) for path, _headers, body in self.service.received if path == self.path]

    def decrypt(self, body):
        return http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")


class Service(ThreadingHTTPServer):
    """Accepts pushes as push services do, or answers as a test wants."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.received, self.answers = [], {}

    def browser(self, name):
        return Browser(self, name)

    def answer(self, browser, status, headers=(), text=""):
        self.answers[browser.path] = (status, dict(headers), text)

    def heal(self, browser):
        self.answers.pop(browser.path, None)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refused = self.refuse(body)
        status, headers, text = refused or self.server.answers.get(self.path, (201, {}, ""))
        if callable(status):
            return status(self)
        if status == 201:
            self.server.received.append((self.path, dict(self.headers), body))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
        return None

    def refuse(self, body):
        """Refuse what a real service would: too much, no TTL, a token for somebody else."""
        scheme, token, key = self.headers["Authorization"].replace("t=", "").replace("k=", "").replace(",", "").split()
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(key))
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=self.server.origin)
        is_good = scheme == "vapid" and claims["sub"].startswith("https://") and int(self.headers["TTL"]) > 0
        if len(body) > 4096:
            return 413, {}, "too large"
        return None if is_good else (403, {}, "BadJwtToken")

    def log_message(self, *arguments):
        pass


@contextmanager
def running():
    service = Service()
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
