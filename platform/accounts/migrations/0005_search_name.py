"""Keeps a plain form of each name and address, by which people are sorted and found."""

from django.db import migrations

import accounts.models
from accounts.search_names import search_name

AT_ONCE = 2_000


def fill(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    last = 0
    while people := list(User.objects.filter(pk__gt=last).order_by("pk").only("name", "email")[:AT_ONCE]):
        for person in people:
            person.search_name = search_name(person.name, person.email)
        User.objects.bulk_update(people, ["search_name"], batch_size=500)
        last = people[-1].pk


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_one_time_password")]

    operations = [
        migrations.AddField(
            "user",
            "search_name",
            accounts.models.SearchNameField(
                db_index=True, default="", editable=False, max_length=300, verbose_name="name for search"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
