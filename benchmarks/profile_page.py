"""Prints where the processor time of a page goes that is not cached.

Usage: VAR_DIR=var/bench/sqlite-10000 python -m benchmarks.profile_page [ADDRESS]
"""

import cProfile
import pstats
import sys
import time

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

import benchmarks.django_setup  # noqa: F401

REPEATS = 10
LINES = 40


def get(application, address):
    environ = RequestFactory(headers={"host": "localhost"}).get(address).environ
    response = application(environ, lambda *_arguments: None)
    for _part in response:
        pass
    response.close()


def main(address="/en/documents/"):
    application = WSGIHandler()
    get(application, address)
    start = time.process_time()
    for _ in range(REPEATS):
        get(application, address)
    print(f"{(time.process_time() - start) / REPEATS * 1e3:.1f} ms of processor time a page")
    with cProfile.Profile() as profile:
        for _ in range(REPEATS):
            get(application, address)
    statistics = pstats.Stats(profile).strip_dirs()
    statistics.sort_stats("cumulative").print_stats(LINES)
    statistics.sort_stats("tottime").print_stats(LINES // 2)


if __name__ == "__main__":
    main(*sys.argv[1:])
