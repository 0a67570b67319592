"""Makes the database of the bare site, and prints cookies of people who are signed in to it, a line each.

The page is the HTML on standard input; an argument says how many people there are, one where there is none. Each has a
token for forms in the cookie ``csrftoken``.
"""

import os
import secrets
import string
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bare.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bare.models import Page  # noqa: E402

call_command("migrate", verbosity=0)
# The tables of the bare site, which has no migrations, point at those of the accounts.
call_command("migrate", run_syncdb=True, verbosity=0)
Page.objects.create(slug="page", html=sys.stdin.read())
for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    browser = Client()
    browser.force_login(User.objects.create_user(f"person{number}"))
    token = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))
    print(browser.cookies.output(attrs=[], header="", sep=";").strip() + f"; csrftoken={token}")
