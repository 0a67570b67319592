"""The configuration of gunicorn that Tuntas had: two processes of one thread, and no time-out on reading a request."""

import os
import sys

from gunicorn.workers import gthread

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
worker_class = "gthread"
threads = 1
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.05
timeout = 30
# gevent has to patch the standard library before the application is loaded.
preload_app = "gevent" not in sys.argv
limit_request_line = 8_190
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
loglevel = "warning"
worker_tmp_dir = "/dev/shm"  # noqa: S108
