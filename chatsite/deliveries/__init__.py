"""Deliveries: what the site sends out. Each is a row of the app that sends it, claimed by one process at a time."""
