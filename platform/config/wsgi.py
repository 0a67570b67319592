"""Makes the application for WSGI servers: ``config.wsgi:application``."""

import os
import sys

import django
from django.core.handlers.wsgi import WSGIHandler

from config.env import SettingError
from config.requests import ReadableRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Handler(WSGIHandler):
    request_class = ReadableRequest


try:
    django.setup(set_prefix=False)
    application = Handler()
except SettingError as error:
    sys.exit(str(error))
