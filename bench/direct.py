"""A planted fault: the site, but each request speaks to the mail server itself. The silent hour has to notice it."""

from django.conf import settings

from config.wsgi import application

__all__ = ["application"]

settings.EMAIL_BACKEND = settings.SENDING_BACKEND
