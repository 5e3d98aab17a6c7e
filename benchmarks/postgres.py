"""A PostgreSQL server of the benchmarks' own, thrown away at the end."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import Database
from benchmarks.servers import cpu_of

# Nothing here outlives the run, so nothing waits for the disk.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c shared_buffers=1GB -c jit=off -c max_connections=60 "
    # It would work for a page of its own choice.
    "-c autovacuum=off"
)


@contextmanager
def postgres_database(documents):
    """Start a server and fill a database.

    Yields the Database and a function that returns the processor seconds that the server has used.
    """
    folder = Path(tempfile.mkdtemp(prefix="futureind-bench-", dir="/tmp"))
    owner = []
    # PostgreSQL refuses to run as root.
    if os.geteuid() == 0:
        owner = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(program, *arguments):
        command = [*owner, str(folder_of_programs() / program), *map(str, arguments)]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "--pgdata", data, "--username=bench", "--auth=trust", "--encoding=UTF8")
        options = f"-k '{folder}' {OPTIONS}"
        log = folder / "log"
        run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", options)
        database = Database(documents, f"postgres://bench@/postgres?host={folder}")
        shutil.rmtree(database.folder, ignore_errors=True)
        database.make()
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        yield database, lambda: cpu_of_all(postmaster)
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", data)
        shutil.rmtree(folder, ignore_errors=True)


def folder_of_programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return (found[-1] if found else Path(shutil.which("initdb"))).parent


def cpu_of_all(postmaster):
    """Return the processor seconds of a server's processes, with those that have ended."""
    fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    ended = sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")
    return ended + sum(map(cpu_of, children_of(postmaster)))


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
