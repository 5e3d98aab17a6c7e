"""Imports go down only, in the order drawn in docs: regions, catalog, futureind."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.contrib import admin

from tests.admin_browser import OURS
from tests.our_apps import PACKAGES

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[3]
# From the ground up. What is in futureind and not listed may use all of the rooms below it.
FLOORS = [
    "futureind.core",
    "futureind.jobs",
    "futureind.accounts",
    "futureind.publishing",
    "futureind.search",
    "futureind.desk",
    "futureind.editing",
    "futureind.loading",
    "futureind.pagecache",
    "futureind.browse",
    "futureind.exchange",
    "futureind",
    "catalog",
    "regions",
    "regions.analysis",
]
# What Django wants by these names, or has of its own; all else in futureind is part of the house.
DJANGOS = {"formats", "management", "migrations", "templatetags"}
# The only files that may name every app.
ROOF = ["futureind/settings.py", "futureind/urls.py", "futureind/wsgi.py"]


def floor_of(module):
    """Return how high a dotted module stands, None for what is not ours."""
    around = [floor for floor in FLOORS if f"{module}.".startswith(f"{floor}.")]
    return FLOORS.index(max(around, key=len)) if around else None


def imported_modules(path, module):
    """Yield ``(line, dotted module)`` for every import in a file, also inside functions."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            # "from futureind import browse" names the module futureind.browse.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def python_files():
    for app in ("futureind", "catalog", "regions"):
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / app).rglob("*.py")))


def module_of(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", list(python_files()), ids=str)
def test_imports_go_down_only(path):
    if str(path) in ROOF:
        return
    module = module_of(path)
    height = floor_of(module)
    upward = [
        f"{path}:{line} imports {name}"
        for line, name in imported_modules(ROOT / path, module)
        if (floor := floor_of(name)) is not None and floor > height
    ]
    assert upward == []


def test_an_upward_import_would_be_found(tmp_path):
    path = tmp_path / "sources.py"
    path.write_text("def late():\n    from ...search import index\n")

    found = list(imported_modules(path, "futureind.publishing.models.sources"))

    assert found == [(2, "futureind.search.index")]
    assert floor_of("futureind.search.index") > floor_of("futureind.publishing.models.sources")
    assert floor_of("regions.analysis.matrix") > floor_of("regions.models")
    assert floor_of("regions.models") > floor_of("catalog.models") > floor_of("futureind.views")
    assert floor_of("django.db") is None


def test_no_circle_of_imports():
    """Those in functions count: what hides there is a circle as well."""
    paths = {module_of(path): path for path in python_files()}
    graph = {module: modules_in(paths, path, module) for module, path in paths.items()}

    order = list(TopologicalSorter(graph).static_order())

    assert set(order) == set(paths)


def modules_in(paths, path, module):
    """Return the modules of ours that a file imports, itself left out."""
    imported = (name for _line, name in imported_modules(ROOT / path, module))
    found = (name if name in paths else name.rpartition(".")[0] for name in imported)
    return {name for name in found if name in paths and name != module}


def test_a_circle_would_be_found():
    with pytest.raises(CycleError):
        list(TopologicalSorter({"a": {"b"}, "b": {"a"}}).static_order())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_an_admin_stands_on_few_classes_of_ours(model):
    bases = type(admin.site.get_model_admin(model)).__mro__
    ours = [base.__name__ for base in bases if base.__module__.partition(".")[0] in PACKAGES]

    assert len(ours) <= 4, ours


def test_the_house_is_drawn_as_it_stands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"(\w+)/", readme.partition("## The house")[2].partition("\n## ")[0]))
    named = re.findall(r"`((?:catalog|futureind|regions|tests)/[\w./]+)`", readme)

    floor = {path.parent.name for path in (ROOT / "futureind").glob("*/__init__.py")} - DJANGOS
    assert floor - drawn == set()
    assert [path for path in named if not (ROOT / path).exists()] == []
