"""Makes the database of the bare page from the HTML on standard input, and prints the cookie of somebody signed in."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bare.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bare.models import Page  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
Page.objects.create(slug="page", html=sys.stdin.read())
reader = Client()
reader.force_login(User.objects.create_user("sari"))
print(reader.cookies.output(attrs=[], header="", sep=";").strip())
