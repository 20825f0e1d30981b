"""The site's settings, for the benchmark: with its yardstick, and with reports on single requests."""

from chatsite.settings import *  # noqa: F403
from chatsite.settings import MIDDLEWARE

# By the name of this package, because other versions of the site get a copy of it under another name.
MIDDLEWARE = [
    f"{__package__}.inspection.InspectionMiddleware",
    f"{__package__}.bare.BareMiddleware",
    *MIDDLEWARE,
]
