"""Filled databases for the benchmarks, made once and kept under ``var/bench/``."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
SEED = 1
# What decides how a database looks; when one of these changes it is made anew.
SHAPED_BY = [
    "benchmarks/corpus/*.py",
    "futureind/search/entries.py",
    "futureind/search/text.py",
    "futureind/search/segments.py",
    "futureind/search/snapshots.py",
    "catalog/models/indexing.py",
]
# Whatever the developer has set must not change what is measured.
FOREIGN = [
    "DATABASE_URL",
    "REPLICA_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "SITE_URL",
    "EMAIL_URL",
    "WEB_CONCURRENCY",
    "WEB_THREADS",
    "PAGE_CACHE_MB",
    "ACCESS_LOG",
]
TEXT_TABLE = "bench_text"
# English words only: Datasette's own choice of tokenizer finds no word within Chinese text.
MAKE_TEXT_TABLE = f"""
    CREATE VIRTUAL TABLE {TEXT_TABLE} USING fts5(
        title_en, title_zh, summary_en, summary_zh,
        content='catalog_policydocument', content_rowid='id');
    INSERT INTO {TEXT_TABLE}({TEXT_TABLE}) VALUES ('rebuild');
"""


class Database:
    """A database of the site with so many synthetic documents, SQLite unless ``url`` names one.

    ``folder`` is its VAR_DIR.
    """

    def __init__(self, documents, url=None):
        self.documents = documents
        self.url = url
        kind = "sqlite" if url is None else "postgresql"
        self.folder = FOLDER / f"{kind}-{documents}"

    @property
    def file(self):
        return self.folder / "futureind.sqlite3"

    def environment(self, **more):
        """Return the environment of a process that works on this database."""
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        own = {"VAR_DIR": str(self.folder), "LOG_LEVEL": "WARNING"}
        if self.url:
            own["DATABASE_URL"] = self.url
        return kept | own | {name: str(value) for name, value in more.items()}

    def run(self, *command, **options):
        """Run Python with these arguments on this database; return what it printed."""
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=ROOT,
            env=self.environment(),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        ).stdout

    def ask(self, module, *arguments):
        """Return the JSON that a module of this package prints about this database."""
        return json.loads(self.run("-m", f"benchmarks.{module}", *arguments))

    def make(self):
        """Make the database, unless it is there as the code of today would make it.

        One that is there gets the migrations that have come since.
        """
        stamp = self.folder / "made-by"
        fingerprint = fingerprint_of_code()
        if stamp.exists() and stamp.read_text() == fingerprint:
            self.run("manage.py", "migrate", "--verbosity=0")
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        print(f"Making {self.folder.name}", flush=True)
        self.run("manage.py", "migrate", "--verbosity=0")
        self.run("manage.py", "load_fixtures", "--verbosity=0")
        self.run("-m", "benchmarks.corpus.generate", "--documents", self.documents, "--seed", SEED)
        self.run("manage.py", "collectstatic", "--no-input", "--verbosity=0")
        if self.url is None:
            with sqlite3.connect(self.file) as connection:
                connection.executescript(MAKE_TEXT_TABLE)
            connection.execute("ANALYZE")
            connection.close()
        stamp.write_text(fingerprint)


def fingerprint_of_code():
    paths = sorted(path for pattern in SHAPED_BY for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
