"""Lists the settings that the bare site needs, with the kind of database that Tuntas has."""

import os
from pathlib import Path

from config.settings import DATABASES as OURS

SECRET_KEY = "only-for-measuring-" + "x" * 50
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bare.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

INSTALLED_APPS = ["bare", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {"default": OURS["default"]}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES = {"default": {**OURS["default"], "NAME": Path(os.environ["DATA_DIR"]) / "bare.sqlite3"}}
