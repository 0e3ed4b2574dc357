"""House rules that a reader could miss: who may write, and when a sentence is put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
APPS = ["core", "basins", "config", *settings.MISSIONS]
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- Pages, the API and what is read do not write ---------------------------------------------------
WRITES = frozenset(
    {"save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
)
READING_ROOMS = {"api", "emails", "figures", "reports", "tasks"}
READERS = [
    path
    for path in MODULES
    if "web" in path.parts
    or path.stem in READING_ROOMS
    or (path.parent.name in READING_ROOMS and path.parent.parent.name in settings.MISSIONS)
    or path.stem.endswith("queries")
    or (path.stem == "jobs" and path.parent.name in settings.MISSIONS)
]


def rules_known_to(tree: ast.Module) -> set[str]:
    """Names of imported modules of rules: ``editions.create(…)`` is no write of its own."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name
        for node in found
        for alias in node.names
        if f"{node.module}.{alias.name}".count(".rules.") or alias.name == "rules"
    }


def writes_in(source: str) -> Iterator[str]:
    """Calls that write to a model, as far as one can see: ``row.save()``, ``rows.filter(…).update(…)``."""
    tree = ast.parse(source)
    rules = rules_known_to(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))) if owner in rules:
                continue
            case ast.Call(func=ast.Attribute(attr=name)) if name in WRITES:
                yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", READERS, ids=name_of)
def test_what_is_shown_does_not_write(path: Path) -> None:
    assert list(writes_in(path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("visit.save()", 1),
        ("Visit.objects.filter(pk=1).update(seats=2)", 1),
        ("from opendoors.rules import editions\neditions.create(by=me)", 0),
        ("from opendoors.rules import editions\neditions.latest().delete()", 1),
        ("found = Visit.objects.get()", 0),
    ],
)
def test_the_walk_tells_a_write_from_a_rule(source: str, found: int) -> None:
    assert len(list(writes_in(source))) == found


# --- A lazy sentence is filled in when it is shown --------------------------------------------------
def filled_in_early(source: str) -> Iterator[str]:
    """``_("…") % {…}`` in the body of a module or a class: it would speak the language of the start-up."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        scope = waiting.pop()
        inside = list(ast.iter_child_nodes(scope))
        while inside:
            node = inside.pop()
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting.append(node)
                continue
            is_body = isinstance(scope, ast.Module | ast.ClassDef)
            match node:
                case ast.BinOp(op=ast.Mod(), left=ast.Call(func=ast.Name(id=name))) if is_body and "_" in name:
                    yield f"line {node.lineno}: {ast.unparse(node)}"
            inside.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_sentence_is_filled_in_before_anybody_reads_it(path: Path) -> None:
    assert list(filled_in_early(path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("A = _('%(x)s') % {'x': 1}", 1),
        ("def f():\n    class B:\n        message = _('%(x)s') % {'x': 1}", 1),
        ("def f():\n    return _('%(x)s') % {'x': 1}", 0),
        ("class B:\n    def f(self):\n        return _('%(x)s') % {'x': 1}", 0),
    ],
)
def test_the_walk_tells_early_from_in_time(source: str, found: int) -> None:
    assert len(list(filled_in_early(source))) == found
