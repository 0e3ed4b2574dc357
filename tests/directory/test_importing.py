"""Imports: rows become records, once; what people corrected stays; what is gone is marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from basins.models import User
from basins.rules.people import NotYours
from directory.documents import document_of
from directory.importing.report import Report
from directory.models import (
    LikelyDouble,
    Location,
    Organization,
    RecordChange,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
)
from directory.rules import importing, records
from directory.rules.importing import Order
from tests.directory.factories import service
from tests.directory.import_tools import LATER, numbers, row, run, source

pytestmark = pytest.mark.django_db

FULL = row(
    "A1",
    organization__kbo_number="0417.497.106",
    organization__phones="02/318 60 58",
    organization__sector="santé mentale",
    service__name_nl="Onthaal",
    service__kind="welcome_point",
    service__themes="deuil; kinésithérapeute",
    service__audiences="older-people",
    service__languages="français, Nederlands",
    service__areas="Etterbeek; 1050; sud-est",
    service__phones="0470 12 34 56 | 107",
    service__schedules="lu-ve 9h-17h; SA 10:00-12:00",
    service__home_visits="oui",
    service__min_age="18",
    service__places_free="3",
    service__said_on="01/11/2026",
    location__municipality="Etterbeek",
    location__latitude="50,83",
    location__longitude="4.39",
)


def lines(report: Report) -> list[int]:
    return sorted(problem.line for problem in report.problems.listed)


def only_service() -> dict[str, Any]:
    return document_of(Service.objects.get())


def test_a_row_becomes_an_organisation_a_place_and_a_service() -> None:
    report = run([FULL], source([FULL]))
    assert [str(each) for each in report.problems.listed] == []
    assert numbers(report) == {"organizations_new": 1, "services_new": 1}
    made = Service.objects.get()
    expected = {
        "name_fr": "Accueil A1",
        "name_nl": "Onthaal",
        "kind": "welcome_point",
        "terms": ["audiences:older-people", "themes:grief", "themes:physiotherapy"],
        "languages": ["fr", "nl"],
        "areas": ["basin:sud-est", "municipality:21005", "municipality:21009"],
        "phones": [{"number": "+32470123456"}, {"number": "107"}],
        "schedules": [
            {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"},
            {"byday": "SA", "opens_at": "10:00", "closes_at": "12:00"},
        ],
        "home_visits": True,
        "min_age": 18,
        "capacity": {"places_free": 3, "said_on": "2026-11-01"},
        "places": [str(Location.objects.get().uuid)],
    }
    assert {key: only_service()[key] for key in expected} == expected
    organization = document_of(made.organization)
    assert organization["kbo_number"] == "0417497106"
    assert organization["phones"] == [{"number": "+3223186058"}]
    assert organization["sector"] == "mental-health"
    place = document_of(Location.objects.get())
    assert (place["municipality"], place["latitude"], place["is_seat"]) == ("21005", 50.83, True)


def test_the_identifier_of_the_source_is_kept() -> None:
    of = source()
    run([row("A1")], of)
    known = SourceRecord.objects.get(service__isnull=False)
    assert (known.source, known.identifier, known.service) == (of, "A1", Service.objects.get())


def test_the_same_file_again_changes_nothing() -> None:
    of = source([FULL])
    run([FULL, row("A2")], of)
    before = list(RecordChange.objects.values_list("pk", flat=True))
    seqs = dict(Service.objects.values_list("pk", "changed_seq"))
    report = run([FULL, row("A2")], of, moment=LATER)
    assert numbers(report) == {"left": 2}
    assert list(RecordChange.objects.values_list("pk", flat=True)) == before
    assert dict(Service.objects.values_list("pk", "changed_seq")) == seqs


def test_the_dry_run_says_the_same_and_writes_nothing() -> None:
    of = source([FULL])
    dry = run([FULL, row("A2")], of, writes=False)
    assert Service.objects.count() == SourceRecord.objects.count() == Organization.objects.count() == 0
    assert numbers(dry) == numbers(run([FULL, row("A2")], of))


def test_the_dry_run_shows_what_a_record_would_change() -> None:
    of = source()
    run([row("A1")], of)
    report = run([row("A1", service__name_fr="Autre nom")], of, writes=False)
    (change,) = report.changes
    assert (change.line, change.is_new) == (2, False)
    assert [(each.key, each.before, each.after) for each in change.differences] == [
        ("name_fr", "Accueil A1", "Autre nom")
    ]
    assert Service.objects.get().name_fr == "Accueil A1"


def test_rows_of_one_organisation_share_it_and_its_place() -> None:
    run([row("A1"), row("A2"), row("A3", location__postcode="1050")], source())
    assert Organization.objects.count() == 1
    assert Location.objects.count() == 2
    assert list(Location.objects.filter(is_seat=True).values_list("postcode", flat=True)) == ["1040"]
    assert ServiceAtLocation.objects.count() == 3


def test_a_later_import_updates() -> None:
    of = source()
    run([row("A1")], of)
    report = run([row("A1", service__email="info@example.org")], source_like(of, "service.email"), moment=LATER)
    assert numbers(report) == {"services_changed": 1}
    assert Service.objects.get().email == "info@example.org"


def source_like(of: Source, *more: str) -> Source:
    """The same source with further columns."""
    of.mapping = {"columns": of.mapping["columns"] | {name: name for name in more}}
    of.save()
    return of


def test_what_was_corrected_here_stays(alice: User) -> None:
    of = source([row("A1", service__email="old@example.org")])
    run([row("A1", service__email="old@example.org")], of)
    records.edit_service(service=Service.objects.get(), values={"email": "right@example.org"}, by=alice)
    report = run([row("A1", service__email="new@example.org", service__name_fr="Neuf")], of, moment=LATER)
    found = Service.objects.get()
    assert (found.email, found.name_fr) == ("right@example.org", "Neuf")
    assert report.counts["held_back"] == 1
    assert [each.key for each in report.changes[0].differences if each.is_held] == ["email"]


def test_what_the_source_takes_back_goes_and_what_people_added_stays(alice: User) -> None:
    of = source([row("A1", service__email="a@example.org", service__fees_fr="Gratuit")])
    run([row("A1", service__email="a@example.org", service__fees_fr="")], of)
    records.edit_service(service=Service.objects.get(), values={"fees_fr": "Selon le revenu"}, by=alice)
    run([row("A1", service__email="", service__fees_fr="")], of, moment=LATER)
    found = Service.objects.get()
    assert (found.email, found.fees_fr) == ("", "Selon le revenu")


def test_what_is_gone_from_the_list_is_marked_and_stays() -> None:
    of = source()
    run([row("A1"), row("A2")], of)
    report = run([row("A1")], of, moment=LATER)
    assert report.counts["gone"] == 1
    assert Service.objects.count() == 2
    gone = SourceRecord.objects.get(identifier="A2", service__isnull=False)
    assert (gone.gone_at, gone.last_seen_at < LATER) == (LATER, True)


def test_what_comes_back_is_unmarked() -> None:
    of = source()
    run([row("A1"), row("A2")], of)
    run([row("A1")], of, moment=LATER)
    report = run([row("A1"), row("A2")], of, moment=LATER + dt.timedelta(days=1))
    assert (report.counts["back"], report.counts["gone"]) == (1, 0)
    assert not SourceRecord.objects.filter(gone_at__isnull=False).exists()


def test_a_part_of_a_list_marks_nothing_as_gone() -> None:
    of = source()
    run([row("A1"), row("A2")], of)
    assert run([row("A1")], of, moment=LATER, is_part=True).counts["gone"] == 0


def test_a_row_that_cannot_be_told_apart_keeps_others_from_being_marked() -> None:
    of = source()
    run([row("A1"), row("A2")], of)
    report = run([row("A1"), row("")], of, moment=LATER)
    assert (report.counts["gone"], report.problems.total, report.nameless_rows) == (0, 1, 1)


def test_a_row_with_a_problem_is_named_and_the_others_come_in() -> None:
    rows = [row("A1", service__phones="12"), row("A2", service__phones="02 318 60 58"), row("A3", service__phones="")]
    report = run(rows, source(rows))
    assert [(each.line, each.column) for each in report.problems.listed] == [(2, "service.phones")]
    assert set(Service.objects.values_list("name_fr", flat=True)) == {"Accueil A2", "Accueil A3"}


def test_what_only_the_rule_refuses_is_named_by_its_line_as_well() -> None:
    rows = [
        row("A1", service__description_fr="Le patient 85.07.30-033.28"),
        row("A2", service__description_fr="Bien"),
        row("A3", service__description_fr="x", organization__name_fr="y" * 300),
    ]
    of = source(rows)
    dry = run(rows, of, writes=False)
    report = run(rows, of)
    assert lines(dry) == lines(report) == [2, 4]
    assert set(Service.objects.values_list("name_fr", flat=True)) == {"Accueil A2"}


def test_a_known_row_that_is_wrong_now_is_not_gone() -> None:
    of = source([row("A1", service__phones="02 318 60 58")])
    run([row("A1", service__phones="02 318 60 58")], of)
    report = run([row("A1", service__phones="12")], of, moment=LATER)
    assert (report.counts["gone"], report.problems.total) == (0, 1)
    assert only_service()["phones"] == [{"number": "+3223186058"}]


def test_an_identifier_that_comes_twice_is_named() -> None:
    report = run([row("A1"), row("A1", service__name_fr="Autre")], source())
    assert [each.line for each in report.problems.listed] == [3]
    assert Service.objects.get().name_fr == "Accueil A1"


def test_words_that_no_term_answers_to_are_counted_and_the_row_comes_in() -> None:
    rows = [row("A1", service__themes="deuil; licornes"), row("A2", service__themes="licornes")]
    report = run(rows, source(rows))
    assert dict(report.problems.unknown) == {("service.themes", "licornes"): 2}
    assert Service.objects.count() == 2


def test_fixed_values_hold_where_the_row_says_nothing() -> None:
    rows = [row("A1", service__kind=""), row("A2", service__kind="training")]
    of = source(rows)
    of.mapping["fixed"] = {"service.kind": "phone_line"}
    run(rows, of)
    assert dict(Service.objects.values_list("name_fr", "kind")) == {
        "Accueil A1": "phone_line",
        "Accueil A2": "training",
    }


def test_a_list_without_identifiers_knows_its_rows_by_their_names() -> None:
    rows = [{key: value for key, value in row(name).items() if key != "identifier"} for name in ("A1", "A2")]
    of = source(rows)
    run(rows, of)
    assert numbers(run(rows, of, moment=LATER)) == {"left": 2}


def test_a_row_without_a_service_is_an_organisation() -> None:
    rows = [{key: value for key, value in row("A1").items() if not key.startswith("service")}]
    of = source(rows)
    assert numbers(run(rows, of)) == {"organizations_new": 1}
    assert (Organization.objects.count(), Service.objects.count(), Location.objects.count()) == (1, 0, 1)
    assert numbers(run(rows, of, moment=LATER)) == {"left": 1}


def test_a_service_that_moves_takes_its_place_along() -> None:
    of = source()
    run([row("A1")], of)
    place = Location.objects.get()
    run([row("A1", location__street_fr="Rue Neuve 2")], of, moment=LATER)
    moved = Location.objects.get()
    assert (moved.pk, moved.street_fr) == (place.pk, "Rue Neuve 2")


def test_a_place_that_others_share_stays_for_them() -> None:
    of = source()
    run([row("A1"), row("A2")], of)
    run([row("A1", location__street_fr="Rue Neuve 2"), row("A2")], of, moment=LATER)
    where = {
        each.service.name_fr: each.location.street_fr
        for each in ServiceAtLocation.objects.select_related("service", "location")
    }
    assert where == {"Accueil A1": "Rue Neuve 2", "Accueil A2": "Rue de l’Exemple 1"}


def test_two_sources_do_not_overwrite_each_other() -> None:
    one = source([row("A1", service__email="a@example.org")])
    run([row("A1", service__email="a@example.org")], one)
    made = Service.objects.get()
    other = source([row("B1", service__email="b@example.org", service__fees_fr="Gratuit")])
    SourceRecord.objects.create(source=other, identifier="B1", service=made)
    SourceRecord.objects.create(source=other, identifier="name:le gue", organization=made.organization)
    run([row("B1", service__email="b@example.org", service__fees_fr="Gratuit")], other, moment=LATER)
    made.refresh_from_db()
    assert (made.email, made.fees_fr) == ("a@example.org", "Gratuit")


def test_only_who_keeps_the_directory_imports(daan: User) -> None:
    with pytest.raises(NotYours):
        importing.apply(Order(source=source(), by=daan), iter(()), Report(), moment=LATER)


def test_the_import_is_in_the_history_with_its_source(alice: User) -> None:
    of = source()
    run([row("A1")], of)
    change = RecordChange.objects.get(record_uuid=Service.objects.get().uuid)
    assert (change.source, change.origin) == (of, "source")


def test_many_new_rows_cost_a_few_statements() -> None:
    of = source()
    rows = [row(f"A{number}", organization__name_fr=f"O{number}") for number in range(60)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        run(rows[:3], of, is_part=True)
    with CaptureQueriesContext(connection) as many:
        run(rows[3:], of, is_part=True)
    assert len(many) <= len(few) + 3


def test_an_interrupted_import_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    of = source()
    rows = [row(f"A{number}") for number in range(7)]

    class Killed(Exception):
        pass

    def stop(done: int) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed), time_machine.travel(LATER):
        _apply(of, rows, stop)
    assert Service.objects.count() == 4
    report = _apply(of, rows, lambda done: None)
    assert (Service.objects.count(), report.counts["left"], report.counts["gone"]) == (7, 4, 0)
    assert LikelyDouble.objects.count() == 0


def _apply(of: Source, rows: list[dict[str, str]], progress: Any) -> Report:
    import io

    from directory.importing.files import open_table
    from directory.importing.incoming import read_table
    from directory.importing.vocabulary import Vocabulary
    from tests.directory.import_tools import as_csv

    report = Report()
    table = open_table(io.BytesIO(as_csv(rows)))
    incoming = read_table(table, of.mapping, Vocabulary(), report.problems)
    return importing.apply(Order(source=of, by=None), incoming, report, moment=LATER, progress=progress)


def test_a_record_made_here_is_untouched_by_a_list_that_does_not_know_it() -> None:
    made = service()
    run([row("A1")], source())
    assert (Service.objects.count(), document_of(made)["name_fr"]) == (2, "Écoute à domicile")
