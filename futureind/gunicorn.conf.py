"""How gunicorn serves the tracker; the variables are listed in docs/operations.md."""

import gc
import os

wsgi_app = "futureind.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
# Workers load the code themselves, so that a HUP brings new code and settings in.
preload_app = False
graceful_timeout = 30
timeout = 60
keepalive = 5
# Addresses of filtered lists are long: the largest value that gunicorn takes before Django sees it.
limit_request_line = 8190
# By default whoever stands in front may name the path of the site in a header, and gets a 500 if
# it is another one.
forwarder_headers = ""
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
errorlog = "-"
loglevel = (os.environ.get("LOG_LEVEL") or "info").lower()
# It would be written outside VAR_DIR, and nothing here uses it.
control_socket_disable = True
# The heartbeat file is touched all the time; on a disk under load that would look like a hang.
shared_memory = "/dev/shm"  # noqa: S108  gunicorn makes a private, unnamed file there
worker_tmp_dir = shared_memory if os.path.isdir(shared_memory) else None


def post_worker_init(worker):
    """Exempt the loaded code from garbage collection."""
    gc.collect()
    gc.freeze()
