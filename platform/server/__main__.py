"""Serves any WSGI application: ``python -m server MODULE:NAME``. ``manage.py run`` serves Tuntas."""

import importlib
import sys

from server.gate import Limits, Voice
from server.listening import listen
from server.master import Master
from server.options import read_options


def main() -> int:
    module, _colon, name = sys.argv[1].partition(":")
    application = getattr(importlib.import_module(module), name or "application")
    options = read_options()
    limits = Limits(options.workers, options.timeout, options.largest_body)
    voice = Voice(lambda _cookies: ([(b"Content-Type", b"text/plain")], b"503\n"), lambda *_report: None)
    return Master(application, listen(options.host, options.port), limits, voice).run()


if __name__ == "__main__":
    sys.exit(main())
