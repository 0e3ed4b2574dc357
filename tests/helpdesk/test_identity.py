"""What identifies the absent third person is found as people write it; what only looks like it is left alone."""

from __future__ import annotations

import datetime as dt
import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.be import bis, nn

from basins.rules.privacy import holds_national_number
from helpdesk.rules.identity import MASK, Kind, findings, masked

TODAY = dt.date(2026, 5, 13)


def found(text: str, **options: object) -> list[tuple[str, str]]:
    return [(each.kind.value, each.found) for each in findings(text, today=TODAY, **options)]  # type: ignore[arg-type]


def values(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.value) for each in findings(text, today=TODAY)]


# --- National numbers ----------------------------------------------------------------------------

NISS = [
    "85073003328",
    "85.07.30-033.28",
    "85.07.30-033 28",
    "85 07 30 033 28",
    "85/07/30-033/28",
    "85-07-30-033-28",
    "85.07.30 – 033.28",
    "850730-03328",
    "850730 / 033 / 28",
    "85 07 30\n033 28",
    "85.07.30\r\n> 033.28",
    "8 5 0 7 3 0 0 3 3 2 8",
    "85\N{NO-BREAK SPACE}07\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}033\N{NO-BREAK SPACE}28",
    "85&nbsp;07&nbsp;30&nbsp;033&nbsp;28",
    "85.07.30 n° nat. 033.28",
    "85.07.30, n° 033, clé 28",
    "1985.07.30-033.28",
    "19850730 033 28",
    "85_07_30_033_28",
    "85·07·30·033·28",
    "85.07.30 (033-28",
    "８５.０７.３０-０３３.２８",
    "85\N{ZERO WIDTH SPACE}0730\N{SOFT HYPHEN}03328",
    "98.47.28-997.65",  # a bis number: 40 added to the month
    "17 07 30 033 84",  # born in this century
]


@pytest.mark.parametrize("number", NISS)
@pytest.mark.parametrize(
    "sentence",
    [
        "{}",
        "NISS : {}, merci.",
        "Rijksregisternr. {}",
        "n° nat.{}",
        "Chambre 12 {} au 3e étage",
        "Appelez-moi au 9. {} c'est urgent",
        "niss_{}.pdf",
        "Madame ({}) ne sort plus.",
    ],
)
def test_a_national_number_is_found_in_any_form(number: str, sentence: str) -> None:
    text = sentence.format(number)

    kinds = [kind for kind, _text in found(text)]

    assert kinds == ["national_number"]
    assert holds_national_number(text)
    assert masked(text, {Kind.NATIONAL_NUMBER}, today=TODAY).replace(MASK, "") == sentence.format("")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Dossier 85.07.30-033.29", "85.07.30-033.29"),
        ("Dossier 85/07/30 033 29", "85/07/30 033 29"),
        ("85.47.30-033.29", "85.47.30-033.29"),  # a bis number
        ("NISS : 85073003329", "85073003329"),
        ("Rijksregisternummer is 850730 03329.", "850730 03329"),
        ("numéro national 85 07 30 033 29", "85 07 30 033 29"),
    ],
)
def test_a_mistyped_national_number_is_pointed_out_and_can_be_masked(text: str, number: str) -> None:
    assert found(text) == [("national_number", number)]
    assert masked(text, today=TODAY) == text.replace(number, MASK)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Eleven digits of a national or a bis number, with the right check digits."""
    born = draw(st.dates(dt.date(1910, 1, 1), dt.date(2025, 12, 31)))
    month = born.month + draw(st.sampled_from([0, 20, 40]))
    first = f"{born.year % 100:02}{month:02}{born.day:02}{draw(st.integers(1, 997)):03}"
    check = 97 - int(("2" if born.year >= 2000 else "") + first) % 97
    return f"{first}{check:02}"


_SIGNS = st.text(alphabet=" .-/–\n\t_()\N{NO-BREAK SPACE}", max_size=3)


@given(st.data(), numbers())
@settings(max_examples=200, deadline=None)
def test_whatever_stands_between_its_digits(data: st.DataObject, number: str) -> None:
    assert nn.is_valid(number) or bis.is_valid(number)
    written = number[0] + "".join(data.draw(_SIGNS) + digit for digit in number[1:])

    assert not holds_national_number(masked(f"Voir {written} svp", today=TODAY))
    assert holds_national_number(f"Voir {written} svp")


@pytest.mark.parametrize(
    "text",
    [
        "85073003329",  # eleven digits, wrong check, and nothing says what they are
        "85.47.99-033.29",  # no day
        "KBO 0417.497.106",
        "BE0417497106",
        "0417497106",
        "Unité d'établissement 2.001.234.567",
        "1070 Anderlecht, 1080 Molenbeek",
        "BE68 5390 0754 7034",
        "Dossier 2026/004512",
        "à 14 h 30, 12.50 € ou 1.250,00 euros",
        "112, 107, 1733, 0800 12 345, 078 15 15 15, 070 22 22 22",
        "Rue Haute 298A bte 3, 1000 Bruxelles",
        "Rendez-vous le 20/05/2026 à 9 h 15, puis le 3 juin 2026",
        "Afspraak op 20 mei 2026 om 9.15 uur, daarna 3/6/26",
        "Hospitalisée depuis le 12/03/2024",
        "Opgenomen op 12 maart 2023",
        "Loi du 22 août 2002 relative aux droits du patient",
        "Wet van 22 augustus 2002 betreffende de rechten van de patiënt",
        "info@bassin-sud-est.brussels, onthaal@ocmw.example",
        "entre le 1/5 et le 8/5",
        "82 ans, 3 enfants, 2 chats, 45 m²",
        "Een koppel van 82 en 79 jaar, 3de verdieping",
        "art. 458 du Code pénal",
        "2026-05-13T10:15:00",
        "TVA BE 0475123420, 0475.123.420",
        "page 12-14, 3.2 et 4.1",
        "",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


# --- Phones and mail addresses -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Son fils : 0478/12.34.56", "+32478123456"),
        ("Haar zoon: 0478 12 34 56", "+32478123456"),
        ("gsm 0478123456 le soir", "+32478123456"),
        ("+32 (0)478 12 34 56", "+32478123456"),
        ("0032 478 12 34 56", "+32478123456"),
        ("Tél. 02/318.60.58", "+3223186058"),
        ("tel. (02) 318 60 58", "+3223186058"),
        ("portable 06 12 34 56 78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("mobiel 06-12345678", "+31612345678"),
        ("+212 612 34 56 78", "+212612345678"),
    ],
)
def test_phone_numbers_of_people_are_found(text: str, number: str) -> None:
    assert values(text) == [("phone", number)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Écrire à jeanne.dupont@example.org svp", "jeanne.dupont@example.org"),
        ("mail naar <Jan.Peeters+zorg@mail.example.be>.", "jan.peeters+zorg@mail.example.be"),
        ("jan (at) example.be", "jan@example.be"),
        ("jan[at]example.be", "jan@example.be"),
    ],
)
def test_mail_addresses_of_people_are_found(text: str, address: str) -> None:
    assert values(text) == [("mail", address)]


def test_what_is_known_is_no_third_person() -> None:
    text = "Moi : Nadia@Example.org, 0478 12 34 56. Lui : 0499 12 34 56"

    assert found(text, known=["nadia@example.org", "+32478123456"]) == [("phone", "0499 12 34 56")]


# --- Birth dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "12/03/1941",
        "12.3.41",
        "12-03-1941",
        "12 03 1941",
        "1941-03-12",
        "12 mars 1941",
        "12 maart 1941",
        "Monsieur, né le 12 mars 1941, vit seul",
        "Mevrouw, geboren op 12 maart 1941, woont alleen",
        "née à Bruxelles le 12/03/1941",
        "geboren te Gent op 12.03.1941",
        "Date de naissance : 12.03.41",
        "Geboortedatum: 12-3-1941",
        "DN 12031941",
        "geb. 12/3/'41",
        "(°12/03/41)",
        "D.N. : 12 03 41",
        "né le 12 MARS 1941",
        "née\nle 12 mars 1941",
        "12-mrt-1941",
    ],
)
def test_a_birth_date_is_found_as_people_write_it(text: str) -> None:
    assert values(text) == [("birth_date", "1941-03-12")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("né le 1er août 2024", "2024-08-01"),
        ("geboren op 1 augustus 2024", "2024-08-01"),
        ("bébé, née le 2/5/26", "2026-05-02"),
        ("Date de naissance 03/11/2023", "2023-11-03"),
    ],
)
def test_a_young_child_is_found_by_the_words(text: str, day: str) -> None:
    assert values(text) == [("birth_date", day)]


def test_a_day_that_is_to_come_is_no_birth() -> None:
    assert found("Bébé né, visite le 20/05/2026") == []


def test_no_day_of_the_calendar_is_no_date() -> None:
    assert found("31/02/1941 45/13/1941") == []


# --- Together ------------------------------------------------------------------------------------


def test_each_part_of_a_text_is_named_once_and_in_its_order() -> None:
    text = "Née le 30/07/1985 (NISS 85.07.30-033.28), 0478/12.34.56, jeanne@example.org"

    assert [kind for kind, _text in found(text)] == ["birth_date", "national_number", "phone", "mail"]
    assert masked(text, today=TODAY) == f"Née le {MASK} (NISS {MASK}), {MASK}, {MASK}"


def test_only_the_kinds_that_are_asked_for_are_masked() -> None:
    text = "85.07.30-033.28, 0478/12.34.56"

    assert masked(text, {Kind.NATIONAL_NUMBER}, today=TODAY) == f"{MASK}, 0478/12.34.56"


_SCRAPS = st.sampled_from(
    [
        *NISS,
        "0478/12.34.56",
        "02 318 60 58",
        "jan@example.be",
        "12/03/1941",
        "né le ",
        "12 maart 1941",
        "0417.497.106",
        " ",
        "\n",
        "4",
        "28",
        "+",
        MASK,
    ]
)


@given(st.lists(_SCRAPS | st.text(max_size=6), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_nothing_is_left_after_masking_and_masking_again_changes_nothing(text: str) -> None:
    clean = masked(text, today=TODAY)

    assert findings(clean, today=TODAY) == []
    assert masked(clean, today=TODAY) == clean


@given(st.lists(_SCRAPS | st.text(max_size=6), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_what_is_found_stands_where_it_is_said_to_stand(text: str) -> None:
    spans = findings(text, today=TODAY)

    assert [text[each.start : each.end] for each in spans] == [each.found for each in spans]
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("scrap", ["1 ", "né ", "12.", "a.", "0", "(", "@a.", "+3", "85 07 "])
def test_a_long_text_is_read_in_a_moment(scrap: str) -> None:
    began = time.perf_counter()
    findings(scrap * (60_000 // len(scrap)), today=TODAY)

    assert time.perf_counter() - began < 5
