"""The site's settings, with the yardstick of the benchmark among its pages."""

from chatsite.settings import *  # noqa: F403

ROOT_URLCONF = "chatsite.trials.bare"
