"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshop.settings")
application = get_wsgi_application()

from procedures.papers import printing  # noqa: E402  (needs the settings)

printing.warm()  # the first paper of the morning takes no longer than the second
