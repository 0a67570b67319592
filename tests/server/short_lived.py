"""The application of the tests, in processes that end after a few requests."""

from server import worker
from tests.server.answering import application

__all__ = ["application"]

worker.REQUESTS, worker.SPREAD = 3, 2
