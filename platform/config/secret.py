"""Writes the secret of an installation that has none yet: ``python -m config.secret``."""

import os
import secrets
from pathlib import Path

from config.env import Settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    file = Settings().folder("DATA_DIR", BASE_DIR / "data") / "secret_key"
    if not os.environ.get("SECRET_KEY"):
        write_secret(file)


def write_secret(file: Path) -> None:
    """Writes a new secret to a file that only its owner can read. Leaves an existing file unchanged."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(secrets.token_urlsafe(50) + "\n")


if __name__ == "__main__":
    main()
