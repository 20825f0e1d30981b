"""The Django app of deliveries, with its commands."""

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    """Has no tables: those are in the apps that send something out."""

    name = "chatsite.deliveries"
    label = "deliveries"
