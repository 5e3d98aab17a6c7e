"""A database beside that of the test run, of the same kind: it can be written for good, and lost.

What the tests in ``db`` write is undone and seen by nobody else. Here another connection commits,
and the database can go away as one does that is down.
"""

import os
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

NUMBER = "publishing_contentversion"
SESSIONS = "django_session"


class OwnSqlite:
    """An SQLite file in a folder of its own."""

    def __init__(self, folder):
        self.path = folder / "own.sqlite3"
        self.settings = {**settings.DATABASES["default"], "NAME": str(self.path)}
        self.url = f"sqlite:///{self.path}"

    def create(self, template=None):
        """Make the file, as a copy of a database that nobody is connected to."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self.connect()) as target:
            if template:
                copy_into(target, template)
        return self

    def connect(self):
        return sqlite3.connect(self.path, isolation_level=None)

    def take_away(self):
        self.path.rename(self.path.with_suffix(".away"))

    def bring_back(self):
        self.path.with_suffix(".away").replace(self.path)

    def drop(self):
        pass


class OwnPostgres:
    """A database on the server of the test run."""

    def __init__(self, name):
        self.name = name
        self.url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        self.settings = {**settings.DATABASES["default"], "NAME": name}

    def create(self, template=None):
        """Make it on the server, as a copy of a database that nobody is connected to."""
        name = template.name if template else "template1"
        self.ask(f'CREATE DATABASE {self.name} TEMPLATE "{name}"')
        return self

    def ask(self, statement):
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(statement)

    def connect(self):
        return psycopg.connect(self.url, autocommit=True)

    def take_away(self):
        self.ask(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        self.ask(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"
        )

    def bring_back(self):
        self.ask(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def drop(self):
        self.ask(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def own_database(folder, template=None):
    """Return a new database of the kind that the tests run on; ``drop`` it at the end.

    It is empty, or as the template, which nobody is connected to.
    """
    found = OwnPostgres(new_name(folder)) if is_postgres() else OwnSqlite(folder)
    return found.create(template)


def is_postgres():
    return "DATABASE_URL" in os.environ


def new_name(folder):
    return f"own_{os.getpid()}_{abs(hash(folder)) % 10**9}"


def copy(database, folder):
    """Return a new database that is as another of its own, which nobody is connected to."""
    return own_database(folder, database)


def copy_into(target, database):
    """Make an open connection to an SQLite database have what another one has."""
    with closing(database.connect()) as source:
        source.backup(target)


def add_version(database):
    """Give an empty database the row that holds the content version, and no session."""
    with_row = [
        f"CREATE TABLE {NUMBER} (id integer PRIMARY KEY, number bigint, raised_at text)",
        f"INSERT INTO {NUMBER} VALUES (1, 1, '2026-01-01')",
        f"CREATE TABLE {SESSIONS} (session_key varchar(40) PRIMARY KEY)",
    ]
    connection = database.connect()
    for statement in with_row:
        connection.execute(statement)
    connection.close()


RAISE = f"UPDATE {NUMBER} SET number = number + 1 WHERE id = 1"
