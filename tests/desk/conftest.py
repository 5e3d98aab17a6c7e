"""A server to visit links of, and a network that leads there."""

import socket
import threading
from http.server import ThreadingHTTPServer

import pytest

from futureind.desk.link_visits import PublicNetwork
from tests.desk.link_server import PUBLIC, Pages


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    server.visited, server.released = [], threading.Event()
    server.pages = {
        "/": (200, None),
        "/page": (200, None),
        "/moved": (301, "/page"),
        "/中文": (200, None),
        "/to-chinese": (302, "/%E4%B8%AD%E6%96%87"),
        "/%E4%B8%AD%E6%96%87": (200, None),
        "/home": (302, "http://www.example.org/"),
        "/loop": (302, "/loop"),
        "/inside": (302, "http://10.0.0.5/"),
        "/metadata": (302, "http://169.254.169.254/latest"),
        "/file": (302, "file:///etc/passwd"),
        "/mail": (302, "http://www.example.org:25/"),
        "/user": (302, "http://a:b@www.example.org/page"),
        "/gone": (410, None),
        "/error": (500, None),
        "/forbidden": (403, None),
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def network(server):
    """A network in which every name is public and leads to the server of the test."""

    class Loopback(PublicNetwork):
        dialled = []

        def resolve(self, host, port):
            if host == "unknown.example.org":
                raise socket.gaierror(-2, "Name or service not known")
            if host == "two-faced.example.org":
                return ["10.0.0.5", PUBLIC]
            if host == "inside.example.org":
                return ["192.168.0.1"]
            return [host if ":" in host or host[0].isdigit() else PUBLIC]

        def dial(self, address, port, timeout):
            self.dialled.append(address)
            if port == 8443:
                raise ConnectionRefusedError
            return super().dial("127.0.0.1", server.server_port, timeout)

    Loopback.dialled = []
    return Loopback
