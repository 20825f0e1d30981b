"""What browsers may do on our pages: which sources they may load, and which features they may use."""

from django.utils.csp import CSP

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # data: for Django admin's and our own small icons in style sheets
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
CROSS_ORIGIN_RESOURCE_POLICY = "same-origin"
# A chat needs only these: to copy an invite link, and to create and use passkeys.
PERMISSIONS_POLICY = ", ".join(
    [f"{name}=()" for name in ("accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope")]
    + [f"{name}=()" for name in ("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics")]
    + [f"{name}=(self)" for name in ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")]
)
