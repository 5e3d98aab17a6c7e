"""The real server with the settings of production, as a process of its own, and nginx in front."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, free_port, run_python

NAME = "tracker.example.org"
KEY = "k3y-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
NGINX_FILE = ROOT / "deploy" / "nginx.conf"
# Where Debian has it, which is not on everybody's path.
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# Debian's own file around ours, for one process in the foreground that writes into one folder.
AROUND = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {ours}
}}
"""


def production(folder, database, **changes):
    """Return the environment of a site in production behind one proxy."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": KEY,
        "VAR_DIR": str(folder),
        "DATABASE_URL": database.url,
        "SITE_URL": f"https://{NAME}",
        "ALLOWED_HOSTS": NAME,
        "CONTACT_EMAIL": f"editors@{NAME}",
        "PROXY_COUNT": "1",
        "WEB_CONCURRENCY": "1",
        **changes,
    }
    return environment


class Gunicorn:
    """The site as docs/operations.md starts it.

    Parameters: ``environment``; ``folder`` of its log; others as of Popen.
    """

    def __init__(self, environment, folder, **options):
        self.environment = environment
        self.port = free_port()
        self.log = Path(folder) / "gunicorn.log"
        self.options = options
        self.process = None

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--config", "futureind/gunicorn.conf.py"),
                    *("--bind", f"127.0.0.1:{self.port}"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self.options,
            )

    def ask(self, path, **headers):
        """Return status and text of the answer to a request as the proxy would make it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                "GET", path, headers={"Host": NAME, "X-Forwarded-Proto": "https", **headers}
            )
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait(self):
        """Return when it answers; raises RuntimeError, with what it said, when it ends."""
        for _ in range(6000):
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text())
            try:
                self.ask("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return self
        raise RuntimeError("gunicorn did not answer within ten minutes")

    def refusal(self):
        """Return what it said when it ended by itself, as it should."""
        assert self.process.wait(timeout=600) != 0
        return self.log.read_text()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Nginx:
    """nginx with the file that is delivered, on loopback. Parameter: ``upstream``, a port."""

    def __init__(self, folder, upstream):
        self.folder = folder
        self.port, self.plain_port = free_port(), free_port()
        self.cache = folder / "cache"
        self.make_certificate()
        text = NGINX_FILE.read_text()
        for ours, here in {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "/var/cache/nginx/tracker": str(self.cache),
            "/etc/ssl/tracker": str(folder),
            # A machine that does much else may take longer for the first page.
            "proxy_read_timeout 20s;": "proxy_read_timeout 120s;",
        }.items():
            assert ours in text
            text = text.replace(ours, here)
        # As root it would give up the rights to the folder of the test.
        user = "user root;" if os.getuid() == 0 else ""
        self.file = folder / "nginx.conf"
        self.file.write_text(AROUND.format(folder=folder, user=user, ours=text))
        self.context = ssl.create_default_context(cafile=folder / "fullchain.pem")
        self.process = None

    def make_certificate(self):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-days", "2"),
                *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={NAME}"),
                *("-addext", f"subjectAltName=DNS:{NAME}"),
                *("-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem"),
            ],
            check=True,
            capture_output=True,
        )

    def start(self):
        self.process = subprocess.Popen([NGINX, "-c", self.file, "-p", self.folder])
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                assert self.process.poll() is None, (self.folder / "error.log").read_text()
                time.sleep(0.1)
            else:
                return self
        raise RuntimeError("nginx did not answer within half a minute")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def connect(self, source="127.0.0.1", name=NAME):
        """Return a TLS connection from an address of this machine."""
        plain = socket.create_connection(("127.0.0.1", self.port), 120, source_address=(source, 0))
        return self.context.wrap_socket(plain, server_hostname=name)

    def ask(self, path, method="GET", body=None, source="127.0.0.1", **headers):
        """Return the Answer to one request; headers are given as ``Accept_Encoding="gzip"``."""
        connection = http.client.HTTPSConnection(NAME, timeout=60)
        connection.sock = self.connect(source)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            found = {}
            for name, value in answer.getheaders():
                found[name.lower()] = (
                    f"{found[name.lower()]}; {value}" if name.lower() in found else value
                )
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def kept(self):
        """Return the addresses of what is in the cache."""
        keys = set()
        for file in self.cache.rglob("*"):
            if file.is_file():
                found = re.search(rb"\nKEY: (.*)\n", file.read_bytes())
                keys.add(found[1].decode().removeprefix(f"https{NAME}").partition("|")[0])
        return keys


def passwords_of(environment):
    """Create the accounts; return the password of each by user name."""
    output = run_python("manage.py", "create_accounts", **environment)
    return dict(re.findall(r"^  (\w+) +(\S+)$", output, re.MULTILINE))
