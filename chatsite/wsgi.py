"""The site as a WSGI application, for our own server and for who hosts it elsewhere."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
# A page may be slow, never stuck: bounds that commands such as migrations don't have.
os.environ.setdefault(
    "PGOPTIONS",
    "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
    " -c max_parallel_workers_per_gather=0",
)

application = get_wsgi_application()
