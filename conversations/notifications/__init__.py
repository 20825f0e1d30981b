"""Notifications: who is notified of which message, when and how; and why, or why not."""
