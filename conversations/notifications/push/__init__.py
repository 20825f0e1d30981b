"""Web push: notifications that a browser shows while no page is open."""
