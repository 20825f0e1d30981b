"""The site's settings, for the benchmark: with its yardstick, and what it asks about a request."""

from chatsite.settings import *  # noqa: F403
from chatsite.settings import MIDDLEWARE

MIDDLEWARE = [
    "chatsite.trials.benchmark.yardstick.inspection.WatchMiddleware",
    "chatsite.trials.benchmark.yardstick.bare.BareMiddleware",
    *MIDDLEWARE,
]
