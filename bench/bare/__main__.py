"""Makes the database of the bare site, and prints the cookies of signed-in people, a line for each person.

The page is the HTML on standard input. An argument says how many people there are; without it there is one. The cookie
``csrftoken`` has a person's token for forms.
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
# The bare site has no migrations, and its tables refer to those of the accounts, so they are made afterwards.
call_command("migrate", run_syncdb=True, verbosity=0)
Page.objects.create(slug="page", html=sys.stdin.read())
for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    browser = Client()
    browser.force_login(User.objects.create_user(f"person{number}"))
    token = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))
    print(browser.cookies.output(attrs=[], header="", sep=";").strip() + f"; csrftoken={token}")
