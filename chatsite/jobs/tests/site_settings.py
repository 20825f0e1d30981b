"""The settings of a site with test jobs."""

from chatsite.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "chatsite.jobs.tests.trial"]  # noqa: F405
