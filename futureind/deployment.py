"""Whether what a deployment prepares fits this code: collected static files, migrations."""

from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.storage import InMemoryStorage
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

# Seconds: a server starts also while the database hangs.
CONNECT_TIMEOUT = 2


class NamingStorage(ManifestFilesMixin, InMemoryStorage):
    """Gives files the hashed names that ``collectstatic`` would give them, and keeps nothing."""


def static_sources():
    """Return ``{path: storage}`` of the static files of this code, as ``collectstatic`` finds."""
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    sources = {}
    for finder in get_finders():
        for path, storage in finder.list(ignored):
            sources.setdefault(path, storage)
    return sources


def uncollected_files():
    """Return the paths of static files that pages would miss, or find in an older version.

    Empty where files go by their own names, as while developing.
    """
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return []
    collected, _digest = staticfiles_storage.load_manifest()
    sources = static_sources()
    if not collected:
        return sorted(sources)
    # Names hold a digest of the content, style sheets with the names that they mention put in.
    return sorted(
        path
        for path, name in hashed_names(sources).items()
        if collected.get(path) != name or not (settings.STATIC_ROOT / name).is_file()
    )


def hashed_names(sources):
    naming = NamingStorage()
    for path, storage in sources.items():
        with storage.open(path) as content:
            naming.save(path, content)
    for _path, _name, problem in naming.post_process(
        {path: (storage, path) for path, storage in sources.items()}
    ):
        if isinstance(problem, Exception):
            raise problem
    return naming.hashed_files


def has_former_layout():
    """Tell whether the database was migrated when one app held what is now several.

    Raises a DatabaseError where the database cannot be asked.
    """
    with patient_for_start() as connection:
        recorder = MigrationRecorder(connection)
        return recorder.has_table() and recorder.migration_qs.filter(app="futureind").exists()


@contextmanager
def patient_for_start():
    """Yield a separate connection to the database, with short timeouts."""
    connection = connections["default"].copy()
    if connection.vendor == "postgresql":
        options = connection.settings_dict.setdefault("OPTIONS", {})
        options.setdefault("connect_timeout", CONNECT_TIMEOUT)
    try:
        yield connection
    finally:
        connection.close()


def unapplied_migrations():
    """Return the names of the migrations of this code that the database lacks.

    Those that it has beyond them say that newer code is being brought in, and do no harm. Raises a
    DatabaseError where the database cannot be asked.
    """
    with patient_for_start() as connection:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]
