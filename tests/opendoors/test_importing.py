"""Programme files: good ones in, whole or not at all, and never twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from basins.models import Municipality, User
from basins.rules.people import NotYours
from opendoors.enums import EditionState, VisitState
from opendoors.errors import HostingError
from opendoors.import_words import sentences
from opendoors.models import Edition, Host, Place, Visit
from opendoors.rules import importing
from opendoors.rules.importing import ImportRefused
from tests.opendoors.factories import VisitFactory
from tests.opendoors.programme_tools import FACTS, GOOD, HEAD, december, lines, problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def edition() -> Edition:
    return december()


# --- What goes in --------------------------------------------------------------------------------


def test_the_real_grid_goes_in_whole(edition: Edition) -> None:
    report = importing.apply(edition=edition, content=FACTS.read_bytes(), by=None)

    assert (report.hosts_new, report.visits_new, report.visits_left) == (51, 73, 0)
    assert Visit.objects.filter(edition=edition).count() == 73
    assert Host.objects.filter(edition=edition).count() == 51
    assert Place.objects.filter(host__edition=edition).count() == 51
    assert sum(Visit.objects.values_list("seats", flat=True)) == 938


def test_the_second_import_of_a_file_changes_nothing(edition: Edition) -> None:
    importing.apply(edition=edition, content=FACTS.read_bytes(), by=None)
    before = (
        list(Visit.objects.order_by("pk").values()),
        list(Host.objects.order_by("pk").values()),
        list(Place.objects.order_by("pk").values()),
        list(Edition.objects.values()),
    )

    report = importing.apply(edition=edition, content=FACTS.read_bytes(), by=None)

    assert (report.changes_something, report.visits_left) == (False, 73)
    assert before == (
        list(Visit.objects.order_by("pk").values()),
        list(Host.objects.order_by("pk").values()),
        list(Place.objects.order_by("pk").values()),
        list(Edition.objects.values()),
    )


def test_a_dry_run_writes_nothing(edition: Edition) -> None:
    report = importing.examine(edition=edition, content=FACTS.read_bytes())

    assert (report.visits_new, report.problems) == (73, [])
    assert not Visit.objects.exists()
    assert not Host.objects.exists()


def test_times_are_times_in_brussels(edition: Edition) -> None:
    importing.apply(edition=edition, content=lines("2024-12-02,9h30,10:30,A,5,fr"), by=None)

    assert Visit.objects.get().starts_at.isoformat() == "2024-12-02T08:30:00+00:00"


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_three_separators_are_read_and_named(edition: Edition, separator: str, name: str) -> None:
    report = importing.examine(edition=edition, content=GOOD.replace(",", separator).encode())

    assert report.visits_new == 1
    assert sentences(report)[0] == f"1 line read, separated by: {name}."


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        b"\n\n" + GOOD.encode() + b"\n,,,,,\n",
        GOOD.replace("2024-12-02", "2/12/2024").encode(),
        GOOD.replace("date,start", "Date , START").encode(),
    ],
    ids=["byte order mark", "Windows line ends", "empty lines", "Belgian date", "heading in capitals"],
)
def test_what_spreadsheets_do_is_understood(edition: Edition, content: bytes) -> None:
    report = importing.examine(edition=edition, content=content)

    assert (report.problems, report.visits_new) == ([], 1)


@pytest.mark.parametrize(
    ("begins", "ends", "column"), [("05:00", "07:00", "start"), ("22:00", "23:30", "end"), ("09:00", "09:10", "end")]
)
def test_a_slip_of_the_pen_in_a_time_is_named(edition: Edition, begins: str, ends: str, column: str) -> None:
    report = importing.examine(edition=edition, content=lines(f"2024-12-02,{begins},{ends},A,5,fr"))

    assert (report.visits_new, len(report.problems)) == (0, 1)
    assert f"“{column}”" in report.problems[0]


def test_places_and_texts_go_in(edition: Edition) -> None:
    content = lines(
        '2024-12-02,09:00,10:30,"A, b",5,fr,Rue A 1,A-straat 1,1040,ETTERBEEK,oui,Bonjour,',
        head=f"{HEAD},street_fr,street_nl,postcode,municipality,wheelchair,description_fr,description_nl",
    )

    importing.apply(edition=edition, content=content, by=None)

    place = Place.objects.get()
    assert (place.street_fr, place.street_nl, place.wheelchair) == ("Rue A 1", "A-straat 1", True)
    assert place.municipality == Municipality.objects.get(nis_code="21005")
    assert Host.objects.get().name == "A, b"
    assert Host.objects.get().description_fr == "Bonjour"


def test_formulas_and_markup_stay_text(edition: Edition) -> None:
    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,=cmd()|<b>x</b>,5,fr"), by=None)

    assert Host.objects.get().name == "=cmd()|<b>x</b>"


def test_a_file_without_seats_takes_the_number_given(edition: Edition) -> None:
    content = lines("2024-12-02,09:00,10:30,A", head="date,start,end,host")

    report = importing.apply(edition=edition, content=content, by=None, seats=12)

    assert (Visit.objects.get().seats, report.seats_assumed) == (12, 1)


def test_without_a_number_a_line_without_seats_is_a_problem(edition: Edition) -> None:
    content = lines("2024-12-02,09:00,10:30,A", head="date,start,end,host")

    assert problems(edition, content) == ["Line 2, column “seats”: This line says no number of seats."]


def test_columns_we_do_not_know_are_left_aside_and_named(edition: Edition) -> None:
    report = importing.examine(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr,x", head=f"{HEAD},remark"))

    assert (report.problems, report.ignored) == ([], ["remark"])


# --- What changes --------------------------------------------------------------------------------


def test_a_changed_line_changes_its_visit_alone(edition: Edition) -> None:
    importing.apply(
        edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr", "2024-12-02,12:00,13:30,A,5,fr"), by=None
    )

    report = importing.apply(
        edition=edition, content=lines("2024-12-02,09:00,10:30,a,8,fr", "2024-12-02,12:00,13:30,A,5,fr"), by=None
    )

    assert (report.hosts_new, report.visits_changed, report.visits_left) == (0, 1, 1)
    assert report.changes[0].startswith("Line 2, a, ")
    assert report.changes[0].endswith("seats 5 → 8")
    assert list(Visit.objects.order_by("starts_at").values_list("seats", flat=True)) == [8, 5]


def test_a_file_that_says_no_languages_can_come_again_with_other_seats(edition: Edition) -> None:
    head = "date,start,end,host,seats"
    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5", head=head), by=None)

    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,8", head=head), by=None)

    assert Visit.objects.values_list("seats", "languages").get() == (8, [])


def test_what_a_rule_refuses_on_the_way_is_a_report_and_writes_nothing(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise HostingError("Not today.")

    monkeypatch.setattr(importing.hosting, "add_visits", refuse)

    with pytest.raises(ImportRefused) as refused:
        importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr"), by=None)

    assert refused.value.report.problems == ["Not today."]
    assert not Host.objects.exists()


def test_what_the_file_does_not_mention_stays(edition: Edition) -> None:
    importing.apply(
        edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr", "2024-12-02,12:00,13:30,B,5,fr"), by=None
    )

    report = importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr"), by=None)

    assert (report.not_in_file, Visit.objects.count()) == (1, 2)


def test_a_corrected_address_leaves_no_empty_place(edition: Edition) -> None:
    head = f"{HEAD},street_fr"
    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr,Rue A 1", head=head), by=None)

    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr,Rue A 2", head=head), by=None)

    assert [place.street_fr for place in Place.objects.all()] == ["Rue A 2"]


def test_two_addresses_of_one_host_are_two_places(edition: Edition) -> None:
    head = f"{HEAD},street_fr"
    rows = ("2024-12-02,09:00,10:30,A,5,fr,Rue A 1", "2024-12-03,09:00,10:30,A,5,fr,Rue B 1")

    importing.apply(edition=edition, content=lines(*rows, head=head), by=None)

    assert list(Place.objects.order_by("pk").values_list("street_fr", flat=True)) == ["Rue A 1", "Rue B 1"]


def test_seats_that_are_taken_stay(edition: Edition) -> None:
    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr"), by=None)
    Visit.objects.update(seats_taken=4)

    found = problems(edition, lines("2024-12-02,09:00,10:30,A,3,fr"))

    assert found == ["Line 2, column “seats”: 4 seats are taken: there cannot be fewer."]


def test_a_visit_that_was_called_off_is_left_aside(edition: Edition) -> None:
    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr"), by=None)
    Visit.objects.update(state=VisitState.CANCELLED)

    report = importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,9,fr"), by=None)

    assert (report.visits_called_off, Visit.objects.get().seats) == (1, 5)


def test_an_evaluated_edition_takes_no_file(edition: Edition) -> None:
    Edition.objects.update(state=EditionState.EVALUATED)
    edition.refresh_from_db()

    assert problems(edition, GOOD.encode()) == ["This edition is evaluated: its programme stays as it was."]


def test_another_editions_hosts_are_not_touched(edition: Edition) -> None:
    other = VisitFactory(host__name="A", host__search_name="a")

    importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,9,fr"), by=None)

    assert Host.objects.filter(search_name="a").count() == 2
    other.refresh_from_db()
    assert other.seats == 5


def test_one_bad_line_keeps_all_others_out(edition: Edition) -> None:
    content = lines("2024-12-02,09:00,10:30,A,5,fr", "2024-12-02,25:00,10:30,B,5,fr")

    with pytest.raises(ImportRefused) as refused:
        importing.apply(edition=edition, content=content, by=None)

    assert refused.value.report.problems_total == 1
    assert not Host.objects.exists()


def test_staff_of_another_basin_import_nothing(edition: Edition, bram: User) -> None:
    with pytest.raises(NotYours):
        importing.apply(edition=edition, content=lines("2024-12-02,09:00,10:30,A,5,fr"), by=bram)

    assert not Host.objects.exists()


def test_problems_are_said_in_the_readers_language(edition: Edition) -> None:
    from opendoors.rules.programme_file import Problem

    with translation.override("fr"):
        said = str(Problem(3, "seats", "x"))

    assert said.endswith(": x")


# --- The command ---------------------------------------------------------------------------------


def test_the_command_is_dry_unless_told_otherwise(edition: Edition) -> None:
    out = io.StringIO()

    call_command("import_programme", "sud-est", "2024", str(FACTS), stdout=out)

    assert out.getvalue().endswith("Dry run: nothing was written. --apply does it.\n")
    assert not Visit.objects.exists()


def test_the_command_imports_with_apply(edition: Edition) -> None:
    call_command("import_programme", "sud-est", "2024", str(FACTS), "--apply", stdout=io.StringIO())

    assert Visit.objects.count() == 73


def test_the_command_fails_on_problems_and_prints_them(edition: Edition, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(lines("2024-12-02,25:00,10:30,A,5,fr"))
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_programme", "sud-est", "2024", str(file), "--apply", stdout=out)

    assert "25:00" in out.getvalue()


@pytest.mark.parametrize(
    ("slug", "file", "seats"), [("1999", FACTS, []), ("2024", "/nowhere.csv", []), ("2024", FACTS, ["--seats", "0"])]
)
def test_the_command_says_what_it_cannot_do(edition: Edition, slug: str, file: Path | str, seats: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_programme", "sud-est", slug, str(file), *seats)
