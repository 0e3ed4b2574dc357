"""Whatever a list says: twice is once, the order of the rows does not matter, an interruption is made good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.documents import document_of
from directory.models import Location, Organization, RecordChange, Service, SourceRecord
from directory.rules import importing
from tests.directory.import_tools import LATER, MOMENT, row, run, source

pytestmark = pytest.mark.django_db

BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ADDRESSES = [("Rue A 1", "1040"), ("Rue B 2", "1050"), ("", "1060"), ("", "")]


@st.composite
def a_row(draw: Any, identifier: str) -> dict[str, str]:
    street, postcode = draw(st.sampled_from(ADDRESSES))
    return row(
        identifier,
        organization__name_fr=draw(st.sampled_from(["Un", "Deux", "Trois"])),
        organization__email=draw(st.sampled_from(["", "a@example.org", "b@example.org", "no mail"])),
        service__name_fr=draw(st.sampled_from(["Accueil", "Écoute", "  ", "=1+1", "x" * 250])),
        service__name_nl=draw(st.sampled_from(["", "Onthaal"])),
        service__phones=draw(st.sampled_from(["", "02 318 60 58", "12", "107; 0470 12 34 56"])),
        service__themes=draw(st.sampled_from(["", "deuil", "deuil; licornes"])),
        service__min_age=draw(st.sampled_from(["", "18", "70", "old"])),
        service__max_age=draw(st.sampled_from(["", "65"])),
        location__street_fr=street,
        location__postcode=postcode,
    )


@st.composite
def lists(draw: Any, *, most: int = 6) -> list[dict[str, str]]:
    identifiers = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=most, unique=True))
    return [draw(a_row(identifier)) for identifier in identifiers]


def state() -> Any:
    """All that an import wrote, without what only says when and under which key."""
    places = {str(place.uuid): (place.postcode, place.street_fr) for place in Location.objects.all()}

    def said(record: Any) -> Any:
        document = document_of(record)
        document.pop("organization", None)
        if "places" in document:
            document["places"] = sorted(places[uuid] for uuid in document["places"])
        return document

    owners = {str(organization.uuid): organization.name_fr for organization in Organization.objects.all()}
    return (
        sorted((each.name_fr, str(said(each))) for each in Organization.objects.all()),
        sorted((owners[str(each.organization.uuid)], str(said(each))) for each in Service.objects.all()),
        sorted((owners[str(each.organization.uuid)], each.postcode, each.street_fr) for each in Location.objects.all()),
        sorted(SourceRecord.objects.values_list("identifier", "fingerprint", "said_by")),
    )


class _Undo(Exception):
    pass


def in_a_new_directory(*imports: Sequence[dict[str, str]], at_once: int = 250, die_after: int | None = None) -> Any:
    """What stands after these imports into an empty directory; all of it is undone."""
    before, importing.ROWS_AT_ONCE = importing.ROWS_AT_ONCE, at_once
    try:
        with transaction.atomic():
            of = source([row("A", **dict.fromkeys(COLUMNS, ""))])
            if die_after is not None:
                _die(of, imports[0], die_after)
            for rows in imports:
                run(rows, of, moment=MOMENT)
            found = state()
            raise _Undo  # noqa: TRY301 - this is how a transaction is undone
    except _Undo:
        return found
    finally:
        importing.ROWS_AT_ONCE = before


COLUMNS = (
    *("organization__email", "service__name_nl", "service__phones", "service__themes"),
    *("service__min_age", "service__max_age"),
)


def _die(of: Any, rows: Sequence[dict[str, str]], after: int) -> None:
    """The part of an import that a killed worker did: whole batches, and no end."""
    whole = after - after % importing.ROWS_AT_ONCE
    if whole:
        run(rows[:whole], of, moment=MOMENT, is_part=True)


@BOUNDED
@given(rows=lists())
def test_the_same_file_twice_is_the_same_as_once(rows: list[dict[str, str]]) -> None:
    assert in_a_new_directory(rows, rows) == in_a_new_directory(rows)


@BOUNDED
@given(rows=lists(), data=st.data(), at_once=st.integers(1, 4))
def test_the_order_of_the_rows_does_not_matter(rows: list[dict[str, str]], data: Any, at_once: int) -> None:
    other = data.draw(st.permutations(rows))
    assert in_a_new_directory(other, at_once=at_once) == in_a_new_directory(rows)


@BOUNDED
@given(rows=lists(), at_once=st.integers(1, 3), after=st.integers(0, 6))
def test_an_interrupted_import_ends_as_one_that_was_not(rows: list[dict[str, str]], at_once: int, after: int) -> None:
    assert in_a_new_directory(rows, at_once=at_once, die_after=after) == in_a_new_directory(rows, at_once=at_once)


@BOUNDED
@given(first=lists(), second=lists())
def test_what_a_list_says_last_counts_whatever_it_said_before(
    first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    """Rows that are in both and sound in both end as if the first list had never been."""
    of = source([row("A", **dict.fromkeys(COLUMNS, ""))])
    run(first, of, moment=MOMENT)
    run(second, of, moment=LATER)
    before = RecordChange.objects.count()
    run(second, of, moment=LATER)
    assert RecordChange.objects.count() == before
    transaction.set_rollback(False)
    for model in (SourceRecord, RecordChange, Service, Location, Organization):
        model.objects.all().delete()
