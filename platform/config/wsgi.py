"""Makes the application for WSGI servers: ``config.wsgi:application``."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from config.env import SettingError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_wsgi_application()
except SettingError as error:
    sys.exit(str(error))
