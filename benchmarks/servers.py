"""Servers as subprocesses on loopback ports, and what they use of the machine."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.databases import ROOT

START_SECONDS = 120


class Server:
    """A server process with its workers, stopped at the end of a ``with`` block.

    Parameters: ``command``, to which ``{port}`` is filled in; ``environment``; ``log``, the file
    for its output.
    """

    def __init__(self, command, environment, log):
        self.port = free_port()
        self.command = [str(part).format(port=self.port) for part in command]
        self.environment = environment
        self.log = log

    def __enter__(self):
        with self.log.open("w") as log:
            # A session of its own, whose processes are then those of this server.
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait(self):
        for _ in range(START_SECONDS * 10):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command} ended:\n{self.log.read_text()}")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)
            with suppress(OSError):
                connection.request("GET", "/healthz")
                connection.getresponse()
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.command} did not answer")

    def pids(self):
        return pids_of_group(self.process.pid)

    def cpu(self):
        """Return the seconds of processor time that all its processes have used."""
        return sum(map(cpu_of, self.pids()))

    def memory(self):
        """Return the resident bytes of its largest process."""
        return max(map(memory_of, self.pids()))


def gunicorn(application):
    """Return the command that serves an application as the site is served."""
    config = ROOT / "futureind" / "gunicorn.conf.py"
    bind = "127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", "--config", config, "--bind", bind, application]


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def pids_of_group(group):
    found = []
    for folder in Path("/proc").iterdir():
        # A process may end while it is looked at.
        with suppress(OSError, ValueError):
            pid = int(folder.name)
            if os.getpgid(pid) == group:
                found.append(pid)
    return found


def cpu_of(pid):
    """Return the seconds of processor time of a process, to the nanosecond."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            total += int(task.read_text().split()[0])
    return total / 1e9


def memory_of(pid):
    with suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
