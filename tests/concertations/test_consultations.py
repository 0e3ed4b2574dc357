"""The consultation of 2019: what its file holds comes in, whole, once, in the language in which it was said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from basins import queries as basin_queries
from basins.models import Need, NeedMention
from concertations import consultation_file, queries_consultations
from concertations.enums_minutes import PartKind, StatementKind
from concertations.models import Consultation, ConsultationPart, ConsultationStatement
from concertations.reference import FACTS
from concertations.rules import importing_consultation as importing
from tests.basins.people_tools import at

FILE = FACTS / "consultation_2019.json"
RAW: dict[str, Any] = json.loads(FILE.read_bytes())

SMALL: dict[str, Any] = {
    "consultation": {
        "title_fr": "Semaine 2019",
        "title_nl": "Week 2019",
        "organiser": "Brusano",
        "sessions": [{"dates": ["2019-12-03", "2019-12-02"]}],
    },
    "chapters": [],
    "themes": [
        {
            "no": 1,
            "title_fr": "Le quartier",
            "title_nl": "De wijk",
            "needs": [
                {"rank": 1, "fr": "Un lieu ouvert", "nl": "Een open plek", "p": 4, "s": 0, "line_fr": 1},
                {"rank": 2, "fr": "Du temps", "nl": None, "p": 2, "s": 3, "line_fr": 2},
                {"rank": 3, "fr": "De l’écoute", "nl": "Luisteren", "p": 2, "s": 1, "line_fr": 3},
                {"rank": 4, "fr": "Du calme", "nl": "Rust", "p": None, "s": None, "line_fr": 4},
            ],
            "other_needs": [
                {
                    "line": 5,
                    "text": "→ Aandacht voor de buurt",
                    "cluster": "Lieux",
                    "sub": [{"line": 6, "text": "Fêtes de quartier"}],
                }
            ],
            "remarks": [],
        }
    ],
    "solutions": [],
    "gaps": [],
    "expectations": [],
    "transversal_needs": [],
    "final_remarks": [],
}


def bring_in(**changes: Any) -> importing.Report:
    return importing.apply(content=json.dumps({**SMALL, **changes}).encode(), slug="2019", by=None)


def texts_of(raw: Any) -> Iterator[str]:
    """Everything that somebody said, however deep the file has it."""
    if isinstance(raw, dict):
        if "text" in raw:
            yield raw["text"]
        for value in raw.values():
            yield from texts_of(value)
    elif isinstance(raw, list):
        for each in raw:
            yield from texts_of(each)


# --- The real file, read ----------------------------------------------------------------------------


def test_the_counts_are_those_of_the_file() -> None:
    counted = consultation_file.read(FILE.read_bytes()).counted()
    assert counted == {
        (PartKind.SUMMARY, StatementKind.PARAGRAPH): 292,
        (PartKind.THEME, StatementKind.NEED): 266,
        (PartKind.THEME, StatementKind.OTHER_NEED): 410,
        (PartKind.THEME, StatementKind.REMARK): 10,
        (PartKind.SOLUTION, StatementKind.HIGHLIGHT): 22,
        (PartKind.SOLUTION, StatementKind.IDEA): 210,
        (PartKind.GAP, StatementKind.ITEM): 182,
        (PartKind.EXPECTATION, StatementKind.ITEM): 166,
        (PartKind.TRANSVERSAL, StatementKind.PRIORITY): 58,
        (PartKind.TRANSVERSAL, StatementKind.ORGANISATION): 201,
        (PartKind.TRANSVERSAL, StatementKind.REFLECTION): 55,
        (PartKind.REMARKS, StatementKind.REMARK): 4,
    }


def test_nothing_that_was_said_is_left_out() -> None:
    data = consultation_file.read(FILE.read_bytes())
    single = [
        one
        for part in data.parts
        for said in part.said
        if said.kind not in {StatementKind.PARAGRAPH, StatementKind.NEED, StatementKind.PRIORITY}
        and part.kind != PartKind.REMARKS
        for one in (said, *said.details)
    ]
    assert len(single) == sum(1 for _text in texts_of(RAW))


def test_every_part_of_the_file_is_there() -> None:
    parts = [part.kind for part in consultation_file.read(FILE.read_bytes()).parts]
    keys = ("chapters", "themes", "solutions", "gaps", "expectations", "transversal_needs")
    assert len(parts) == sum(len(RAW[key]) for key in keys) + 1


def test_points_are_those_of_the_file() -> None:
    needs = [
        said
        for part in consultation_file.read(FILE.read_bytes()).parts
        for said in part.said
        if said.kind == StatementKind.NEED
    ]
    in_file = [(need["p"], need["s"], need["rank"]) for theme in RAW["themes"] for need in theme["needs"]]
    assert [(need.p, need.s, need.rank) for need in needs] == in_file


def test_nobody_was_asked_for_points_on_other_needs() -> None:
    others = [
        (said.p, said.s)
        for part in consultation_file.read(FILE.read_bytes()).parts
        for said in part.said
        if said.kind == StatementKind.OTHER_NEED
    ]
    assert set(others) == {(None, None)}


def test_what_was_said_in_dutch_stays_dutch() -> None:
    data = consultation_file.read(FILE.read_bytes())
    dutch = [
        one.text_nl
        for part in data.parts
        if part.kind not in {PartKind.SUMMARY, PartKind.REMARKS}
        for said in part.said
        if said.kind not in {StatementKind.NEED, StatementKind.PRIORITY}
        for one in (said, *said.details)
        if one.text_nl
    ]
    assert (len(dutch), dutch[0], dutch[-1]) == (20, "Hoe contacten leggen tussen NL en FR ?", "Huis voor gezondheid")


def test_three_needs_have_no_dutch() -> None:
    data = consultation_file.read(FILE.read_bytes())
    needs = [said for part in data.parts for said in part.said if said.kind == StatementKind.NEED]
    assert sum(1 for need in needs if not need.text_nl) == 3


# --- Coming in ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_whole_file_comes_in() -> None:
    report = importing.apply(content=FILE.read_bytes(), slug="2019", by=None)
    assert ConsultationStatement.objects.count() == report.statements == report.made
    assert ConsultationStatement.objects.exclude(need=None).count() == 676
    assert NeedMention.objects.count() == Need.objects.count() + _heard_twice()


def _heard_twice() -> int:
    """Mentions of needs that were mentioned before."""
    counts = [need.mentions.count() for need in Need.objects.all()]
    return sum(counts) - len(counts)


@pytest.mark.django_db
def test_a_statement_explains_the_one_above() -> None:
    bring_in()
    detail = ConsultationStatement.objects.get(text_fr="Fêtes de quartier")
    assert detail.parent is not None
    assert (detail.parent.text_nl, detail.parent.cluster, detail.parent.text_fr) == (
        "Aandacht voor de buurt",
        "Lieux",
        "",
    )


@pytest.mark.django_db
def test_not_asked_is_not_zero() -> None:
    bring_in()
    points = ConsultationStatement.objects.filter(kind=StatementKind.NEED).values_list("p", "s")
    assert list(points) == [(4, 0), (2, 3), (2, 1), (None, None)]


@pytest.mark.django_db
def test_the_second_time_nothing_changes() -> None:
    first, second = bring_in(), bring_in()
    assert (first.made, first.needs) == (6, 5)
    assert (second.made, second.changed, second.needs, NeedMention.objects.count()) == (0, 0, 0, 5)


@pytest.mark.django_db
def test_what_reads_differently_is_put_right() -> None:
    bring_in()
    theme = {**SMALL["themes"][0], "title_fr": "Le voisinage"}
    report = bring_in(themes=[theme])
    assert (report.changed, ConsultationPart.objects.get().title_fr) == (1, "Le voisinage")


@pytest.mark.django_db
def test_a_need_stands_in_the_list_of_the_region_in_both_languages() -> None:
    bring_in()
    need = Need.objects.get(title_fr="Un lieu ouvert")
    mention = need.mentions.get()
    assert (need.title_nl, need.basin, need.theme) == ("Een open plek", None, "Le quartier")
    assert (mention.source, mention.source_label, mention.heard_on.isoformat()) == (
        "concertations",
        "Semaine 2019 · Le quartier",
        "2019-12-02",
    )


@pytest.mark.django_db
def test_a_need_that_was_heard_twice_is_one_need() -> None:
    theme = SMALL["themes"][0]
    again = {**theme, "no": 2, "needs": [{**theme["needs"][0], "fr": "UN LIEU OUVERT"}], "other_needs": []}
    bring_in(themes=[theme, again])
    assert Need.objects.get(title_fr="Un lieu ouvert").mentions.count() == 2


@pytest.mark.django_db
def test_a_long_need_has_a_short_title_and_all_its_words() -> None:
    words = "Un accueil " + "très " * 60 + "large"
    bring_in(themes=[{**SMALL["themes"][0], "needs": [{**SMALL["themes"][0]["needs"][0], "fr": words}]}])
    need = Need.objects.get(title_fr__startswith="Un accueil")
    assert (len(need.title_fr) <= 200, need.title_fr[-2:], need.mentions.get().words) == (True, " …", words)


# --- The command --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_is_dry_unless_told_otherwise() -> None:
    out = StringIO()
    call_command("import_consultation", "2019", str(FILE), stdout=out)
    assert Consultation.objects.count() == 0
    assert "266" in out.getvalue()


@pytest.mark.django_db
def test_the_command_brings_a_file_in(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(SMALL))
    call_command("import_consultation", "2019", str(path), "--apply", stdout=StringIO())
    assert Consultation.objects.get().slug == "2019"


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["[]", "{}", "no json", '{"consultation": 3}'])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        call_command("import_consultation", "2019", str(path), stdout=StringIO())


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_consultation", "2019", str(tmp_path / "nothing.json"), stdout=StringIO())


# --- Reading -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_the_order_within_a_theme_is_shown() -> None:
    bring_in()
    said = list(queries_consultations.statements_of(ConsultationPart.objects.get()))
    standings = [queries_consultations.standings(said).get(each.pk) for each in said]
    shown = [(each.was_asked, each.priority, each.can_help) if each else None for each in standings]
    assert shown == [(True, 1, None), (True, 2, 1), (True, 2, 2), (False, None, None), None]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "number"), [("lieu OUVERT", 1), ("ecoute", 1), ("buurt", 1), ("hôpital", 0), ("", 0)]
)
def test_statements_are_found_without_accents_in_either_language(words: str, number: int) -> None:
    bring_in()
    assert queries_consultations.found(words).count() == number


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_consultation_is_read_part_by_part(client: Client, language: str) -> None:
    bring_in()
    region, basin = "concertations_region:", "concertations:"
    kind = {"slug": "2019", "kind": "theme", "number": 1}
    pages = [
        at(f"{region}consultations", language),
        at(f"{region}consultation", language, slug="2019"),
        f"{at(f'{region}consultation', language, slug='2019')}?q=lieu",
        at(f"{region}consultation_part", language, **kind),
        at(f"{basin}consultation_part", language, basin="sud-est", **kind),
    ]
    assert [client.get(page).status_code for page in pages] == [200] * 5


@pytest.mark.django_db
def test_there_is_no_other_part(client: Client) -> None:
    bring_in()
    gone = at("concertations_region:consultation_part", slug="2019", kind="gossip", number=1)
    assert client.get(gone).status_code == 404


@pytest.mark.django_db
def test_the_search_of_the_site_finds_what_was_said() -> None:
    bring_in()
    with override("fr"):
        hits = [hit for hit in basin_queries.search("fêtes", None) if "consultation" in hit.url]
    assert [hit.title.value for hit in hits] == ["Le quartier"]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_a_part_takes_as_many_queries_however_much_was_said(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    theme = SMALL["themes"][0]
    bring_in(themes=[{**theme, "needs": theme["needs"][:number]}])
    page = at("concertations_region:consultation_part", slug="2019", kind="theme", number=1)
    client.get(page)
    with django_assert_num_queries(3):
        client.get(page)
