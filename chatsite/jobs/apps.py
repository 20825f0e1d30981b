"""The Django app of jobs, with their tables and commands."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Finds the tasks of all apps, in their modules `jobs`."""

    name = "chatsite.jobs"
    label = "jobs"

    def ready(self) -> None:
        autodiscover_modules("jobs")
