"""A database beside that of the test run, of the same kind: it can be written for good, and lost.

What the tests in ``db`` write is undone and seen by nobody else. Here another connection commits,
and the database can go away as one does that is down. Migrating and filling one takes longer than
most tests, so it is done once per run, for the tests' database, and copied from there.
"""

import os
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

NUMBER = "futureind_contentversion"


class OwnSqlite:
    """An SQLite file in a folder of its own."""

    def __init__(self, folder):
        self.path = folder / "own.sqlite3"
        self.settings = {**settings.DATABASES["default"], "NAME": str(self.path)}
        self.url = f"sqlite:///{self.path}"

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

    def __init__(self, name, template="template1"):
        self.name = name
        self.url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        self.settings = {**settings.DATABASES["default"], "NAME": name}
        self.ask(f'CREATE DATABASE {name} TEMPLATE "{template}"')

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


def own_database(folder):
    """Return a new, empty database of the kind that the tests run on; ``drop`` it at the end."""
    return OwnPostgres(new_name(folder)) if "DATABASE_URL" in os.environ else OwnSqlite(folder)


def new_name(folder):
    return f"own_{os.getpid()}_{abs(hash(folder)) % 10**9}"


def copy(database, folder):
    """Return a new database that is as another of its own, which nobody is connected to."""
    if isinstance(database, OwnPostgres):
        return OwnPostgres(new_name(folder), template=database.name)
    with closing(database.connect()) as source:
        return copy_file(source, folder)


def copy_of_the_test_run(folder):
    """Return a new database that is as the one of the test run is at this moment."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return copy_file(connection.connection, folder)
    # PostgreSQL copies only what nobody is connected to.
    connection.close()
    return OwnPostgres(new_name(folder), template=connection.settings_dict["NAME"])


def copy_file(source, folder):
    found = OwnSqlite(folder)
    with closing(found.connect()) as target:
        source.backup(target)
    return found


def add_version(database):
    """Give an empty database the table and row that hold the content version, and nothing else."""
    with_row = [
        f"CREATE TABLE {NUMBER} (id integer PRIMARY KEY, number bigint, raised_at text,"
        " next_due bigint)",
        f"INSERT INTO {NUMBER} VALUES (1, 1, '2026-01-01', NULL)",
    ]
    connection = database.connect()
    for statement in with_row:
        connection.execute(statement)
    connection.close()


RAISE = f"UPDATE {NUMBER} SET number = number + 1 WHERE id = 1"
