"""The site as a WSGI application, for our own server and for other WSGI servers."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from chatsite.postgres import database
from chatsite.server.logs import log_uncaught

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
database.serve_pages(settings.DATABASES["default"])
log_uncaught()
application = get_wsgi_application()
