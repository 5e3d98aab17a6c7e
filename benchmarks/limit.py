"""The limit: a bare WSGI function that answers ready pages from a dictionary.

``LIMIT_PAGES`` names the file of pages: a pickled ``{address: (headers, body)}``.
"""

import os
import pickle
from pathlib import Path

PAGES = pickle.loads(Path(os.environ["LIMIT_PAGES"]).read_bytes())


def application(environ, start_response):
    address = environ["PATH_INFO"]
    if environ["QUERY_STRING"]:
        address += "?" + environ["QUERY_STRING"]
    headers, body = PAGES.get(address, ([], b""))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]
