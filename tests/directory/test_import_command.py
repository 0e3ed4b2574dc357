"""The import at the console: dry unless told otherwise."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from directory import exporting
from directory.documents import document_of
from directory.models import Service
from directory.rules import records
from tests.directory.factories import SourceFactory
from tests.directory.hsds_tools import rich_service
from tests.directory.import_tools import as_csv, as_workbook, row, source

pytestmark = pytest.mark.django_db


def run(*arguments: Any, language: str = "fr") -> str:
    out = io.StringIO()
    call_command("import_directory", *map(str, arguments), language=language, stdout=out)
    return out.getvalue()


def a_file(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_it_is_dry_unless_told_otherwise(tmp_path: Path) -> None:
    path = a_file(tmp_path, as_csv([row()]))
    of = source()
    assert "Dry run" in run(of.code, path)
    assert not Service.objects.exists()
    run(of.code, path, "--apply")
    assert Service.objects.get().name_fr == "Accueil A1"


def test_a_workbook_whose_columns_are_called_as_ours_needs_no_mapping(tmp_path: Path) -> None:
    path = a_file(tmp_path, as_workbook([list(row()), list(row().values())]), "list.xlsx")
    run(SourceFactory(code="x").code, path, "--apply")
    assert Service.objects.get().name_fr == "Accueil A1"


@pytest.mark.parametrize("as_lines", [True, False])
def test_hsds_of_our_own_comes_back_as_it_left(tmp_path: Path, as_lines: bool) -> None:
    made = rich_service()
    before = document_of(Service.objects.get())
    text = "".join(exporting.hsds([made.pk], "nl"))
    if as_lines:
        text = "\n".join(json.dumps(each) for each in json.loads(text))
    records.remove_service(service=made, by=None)
    for place in made.organization.locations.all():
        records.remove_location(location=place, by=None)
    records.remove_organization(organization=made.organization, by=None)
    of = SourceFactory(code="hsds")
    path = a_file(tmp_path, text.encode(), "list.json")
    run(of.code, path, "--apply")
    after = document_of(Service.objects.get())
    left = {"organization", "places", "phones", "visibility", "care_line"}
    assert {key: value for key, value in after.items() if key not in left} == {
        key: value for key, value in before.items() if key not in left
    }
    assert after["phones"] == [{"number": "+3223186058"}]
    where = document_of(Service.objects.get().at_locations.get().location)
    expected = {"street_fr": "Rue de l’Exemple 1", "street_nl": "Voorbeeldstraat 1", "municipality": "21005"}
    assert {key: where[key] for key in expected} == expected
    assert where["accessibility"] == [{"feature": "lift", "description_nl": "Lift achteraan"}]
    again = run(of.code, path, "--apply")
    assert "1" in again
    assert document_of(Service.objects.get()) == after


@pytest.mark.parametrize(
    "content",
    [b"[", b'[{"id": 1', b"[1]", b'[{"id": "a"}]', b"{}", b'{"contents": []}', b"[" * 5000, b'[{"name": NaN}]'],
)
def test_json_that_is_none_is_refused_or_named(tmp_path: Path, content: bytes) -> None:
    path = a_file(tmp_path, content, "list.json")
    try:
        run(SourceFactory(code="x").code, path, "--apply")
    except CommandError as error:
        assert str(error)  # noqa: PT017 - either is fine, a crash is not
    assert not Service.objects.exists()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no list"):
        run("nothing", tmp_path / "x.csv")
    with pytest.raises(CommandError, match="cannot be read"):
        run(source().code, tmp_path / "x.csv")
