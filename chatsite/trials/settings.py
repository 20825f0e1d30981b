"""The site's settings, with the yardstick of the benchmark among its pages."""

from chatsite.settings import *  # noqa: F403
from chatsite.settings import MIDDLEWARE

MIDDLEWARE = ["chatsite.trials.bare.BareMiddleware", *MIDDLEWARE]
