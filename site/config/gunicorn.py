"""How gunicorn serves the pages: `gunicorn --config python:config.gunicorn config.wsgi:application`.

WEB_CONCURRENCY, which gunicorn reads itself, says how many processes; two for each core is a good beginning.
"""

from config.logs import logging_settings

bind = "0.0.0.0:8000"
worker_class = "gthread"
# With fewer threads than DATABASE_POOL, no thread waits for a connection.
threads = 8
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat, in memory: the image's own disk can't be written
timeout = 60
graceful_timeout = 20
keepalive = 75
# A process is made anew now and then, so that what a library leaks does not add up; not all at once.
max_requests = 5000
max_requests_jitter = 1000
# It would be written to the home folder, and nobody has one here.
control_socket_disable = True
accesslog = None  # the site writes a line about each request itself
logconfig_dict = logging_settings(as_json=True, level="INFO")
