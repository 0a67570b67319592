"""Makes the application for ASGI servers: ``config.asgi:application``."""

import os
import sys

from django.core.asgi import get_asgi_application

from config.env import SettingError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_asgi_application()
except SettingError as error:
    sys.exit(str(error))
