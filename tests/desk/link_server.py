"""A web server on this machine for visits of links, and the public address that it is given."""

import contextlib
import time
from http.server import BaseHTTPRequestHandler

PUBLIC = "93.184.215.14"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.visited.append((time.monotonic(), self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        if path == "/slow":
            self.server.released.wait(20)
        if path == "/drip":
            with contextlib.suppress(OSError):
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200:
                    self.wfile.write(bytes([letter]))
                    if self.server.released.wait(0.1):
                        return
            return
        if path == "/nonsense":
            self.wfile.write(b"not http at all\r\n\r\n")
            return
        status, location = self.server.pages.get(path, (404, None))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *args):
        pass
