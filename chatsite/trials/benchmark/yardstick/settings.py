"""The site's settings, for the benchmark: with its yardstick, and with reports on single requests."""

from chatsite.settings import *  # noqa: F403
from chatsite.settings import MIDDLEWARE

# By this package's own name, as another version of the site gets a copy of it under another one.
MIDDLEWARE = [
    f"{__package__}.inspection.InspectionMiddleware",
    f"{__package__}.bare.BareMiddleware",
    *MIDDLEWARE,
]
