"""Runs the server as `make run` does, but without a worker, which has to count each plan and make each table.

Call it as `python -m tests.journeys.without_worker`, from the root and with platform/ in PYTHONPATH.
"""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from modules.authoring import effect_counts  # noqa: E402  the models need the settings
from modules.pages import table_offers  # noqa: E402

effect_counts.MOST_AT_ONCE = table_offers.MOST_AT_ONCE = 0
call_command("prepare", examples=True)
call_command("run")
