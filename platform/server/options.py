"""Reads how the server runs from the environment."""

import os
from dataclasses import dataclass

from config.env import Settings

# No upload is larger: an archive unpacks to at most 50 MiB, and a form adds little to that.
LARGEST_BODY = 64 * 1024 * 1024  # bytes

env = Settings()


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    workers: int
    timeout: int  # seconds
    largest_body: int = LARGEST_BODY


def read_options() -> Options:
    return Options(
        env.text("HOST", "127.0.0.1") or "127.0.0.1",
        env.number("PORT", 8000),
        env.number("WORKERS", cores()),
        env.number("TIMEOUT", 30),
    )


def cores() -> int:
    """Returns how many workers suit this machine: one for each core, and two where there is one core."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(2, usable or 1)
