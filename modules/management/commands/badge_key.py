from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from modules.models import SigningKey
from modules.proofs import keys


class Command(BaseCommand):
    help = "List the keys that sign badges, or make a new one. The page /.well-known/did.json publishes them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new", action="store_true", help="Sign with a new key. Badges of the earlier keys stay good."
        )
        parser.add_argument(
            "--revoke",
            action="store_true",
            help="With --new, for a key that was stolen: badges of the earlier keys are good no more.",
        )

    def handle(self, *args: object, new: bool = False, revoke: bool = False, **options: object) -> None:
        if revoke and not new:
            raise CommandError("--revoke needs --new: else nothing could sign badges.")
        if new:
            keys.rotate(now=timezone.now(), revoke=revoke)
        for key in SigningKey.objects.order_by("-pk"):
            state = "revoked" if key.revoked_at else "retired" if key.retired_at else "signs"
            self.stdout.write(f"{key.name}  {key.made_at:%Y-%m-%d}  {state}")
