"""Icons, levels, badges, dates and numbers as pages write them."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from core import spoken
from core.templatetags import look

TUESDAY = dt.date(2025, 5, 20)
NBSP = "\N{NO-BREAK SPACE}"


def render(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_icon_is_decorative_and_points_into_the_sprite() -> None:
    assert render('{% icon "check" %}') == (
        '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/core/icons.svg#i-check"/></svg>'
    )


def test_icon_takes_a_variable_and_a_class() -> None:
    assert render('{% icon name "pic" %}', name="door") == render('{% icon "door" "pic" %}')


def test_icon_without_a_name_draws_nothing() -> None:
    assert render("{% icon name %}", name="") == ""


def test_icon_escapes_its_name() -> None:
    assert "<script>" not in render("{% icon name %}", name='"><script>')


def test_icon_wants_a_name() -> None:
    with pytest.raises(TemplateSyntaxError):
        render("{% icon %}")


def test_drawn_icon_holds_the_drawing_itself() -> None:
    assert '<title>fait</title><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>' in render('{% drawn_icon "check" "fait" %}')


@pytest.mark.parametrize(
    ("value", "total", "expected"),
    [
        (0, 20, "v0"),
        (None, 20, "v0"),
        (-3, 20, "v0"),
        (1, 20, "v1"),
        (9, 14, "v6"),
        (19, 20, "v9"),
        (20, 20, "v10"),
        (25, 20, "v10"),
        (5, 0, "v0"),
    ],
)
def test_level_is_full_or_empty_only_when_true(value: int | None, total: int, expected: str) -> None:
    assert look.level(value, total) == expected


def test_badges_keep_the_order_of_the_languages() -> None:
    with override("nl"):
        assert look.badges(["nl", "fr"]) == (
            '<abbr class="lg" title="in het Nederlands">NL</abbr> <abbr class="lg" title="in het Frans">FR</abbr>'
        )


def test_badge_of_one_language_given_as_text() -> None:
    assert look.badges("nl") == look.badges(["nl"])


def test_badge_of_a_language_we_have_no_words_for() -> None:
    assert look.badges(["ar"]) == '<abbr class="lg" title="ar">AR</abbr>'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ day|long_date:"fr" }}', f"mardi 20{NBSP}mai 2025"),
        ('{{ day|long_date:"nl" }}', f"dinsdag 20{NBSP}mei 2025"),
        ('{{ day|short_date:"fr" }}', f"mar. 20{NBSP}mai"),
        ('{{ day|short_date:"nl" }}', f"di 20{NBSP}mei"),
        ('{{ day|plain_date:"nl" }}', f"20{NBSP}mei 2025"),
        ('{{ nothing|long_date:"fr" }}', ""),
    ],
)
def test_dates_in_both_languages(source: str, expected: str) -> None:
    assert render(source, day=TUESDAY, nothing=None) == expected


def test_dates_follow_the_language_of_the_page() -> None:
    with override("nl"):
        assert render("{{ day|weekday_date }}", day=TUESDAY) == f"dinsdag 20{NBSP}mei"


def test_first_of_the_month_is_an_ordinal_in_french_only() -> None:
    first = dt.date(2025, 7, 1)

    assert [spoken.day_month(first, "fr"), spoken.day_month(first, "nl")] == [f"1er{NBSP}juillet", f"1{NBSP}juli"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2024, 12, 2), dt.date(2024, 12, 6), f"lundi 2{NBSP}– vendredi 6{NBSP}décembre 2024"),
        (dt.date(2024, 9, 30), dt.date(2024, 10, 4), f"lundi 30{NBSP}septembre{NBSP}– vendredi 4{NBSP}octobre 2024"),
        (
            dt.date(2024, 12, 30),
            dt.date(2025, 1, 3),
            f"lundi 30{NBSP}décembre 2024{NBSP}– vendredi 3{NBSP}janvier 2025",
        ),
        (TUESDAY, TUESDAY, f"mardi 20{NBSP}mai 2025"),
    ],
)
def test_days_say_once_what_they_share(first: dt.date, last: dt.date, expected: str) -> None:
    assert spoken.span_of_days(first, last, "fr") == expected


@pytest.mark.parametrize(
    ("start", "end", "french", "dutch"),
    [
        (dt.time(9, 15), dt.time(12, 15), "9_h_15_– 12_h_15", "9.15_– 12.15_uur"),
        (dt.time(9), dt.time(10, 30), "9_h_– 10_h_30", "9_– 10.30_uur"),
        (dt.time(13), dt.time(16), "13_h_– 16_h", "13_– 16_uur"),
        (dt.time(0), dt.time(9, 5), "0_h_– 9_h_05", "0_– 9.05_uur"),
        (dt.time(9, 15), dt.time(9, 15), "9_h_15", "9.15_uur"),
    ],
)
def test_hours_in_the_voice_of_each_language(start: dt.time, end: dt.time, french: str, dutch: str) -> None:
    said = [spoken.hours(start, end, "fr"), spoken.hours(start, end, "nl")]

    assert said == [french.replace("_", NBSP), dutch.replace("_", NBSP)]


def test_midnight_is_an_hour() -> None:
    assert render('{{ clock|hour:"fr" }}', clock=dt.time(0)) == f"0{NBSP}h"


def test_moments_are_spoken_in_brussels() -> None:
    late = dt.datetime(2025, 7, 13, 22, 30, tzinfo=dt.UTC)

    assert spoken.moment(late, "fr") == f"lundi 14{NBSP}juillet 2025, 0{NBSP}h{NBSP}30"


def test_date_block_names_the_day_of_brussels() -> None:
    late = dt.datetime(2025, 5, 19, 22, 30, tzinfo=dt.UTC)

    assert look.date_block(late, "nl") == '<time class="date" datetime="2025-05-20"><b>20</b>mei</time>'


@pytest.mark.parametrize(
    ("number", "said", "link"),
    [
        ("+3223186058", "02 318 60 58", "tel:+3223186058"),
        ("02 318 60 58", "02 318 60 58", "tel:+3223186058"),
        ("0470/12.34.56", "0470 12 34 56", "tel:+32470123456"),
        ("112", "112", "tel:112"),
        ("1733", "1733", "tel:1733"),
        ("107", "107", "tel:107"),
        ("+31 20 123 4567", "+31 20 123 4567", "tel:+31201234567"),
    ],
)
def test_phone_numbers_as_they_are_said_and_dialled(number: str, said: str, link: str) -> None:
    assert [look.phone(number), look.phone_link(number)] == [said.replace(" ", NBSP), link]


def test_what_is_no_number_is_left_as_it_is() -> None:
    assert look.phone("accueil") == "accueil"


def test_call_escapes_what_people_wrote() -> None:
    assert look.call("<b>112") == '<a class="nowrap" href="tel:112">&lt;b&gt;112</a>'


def test_page_numbers_leave_out_the_middle() -> None:
    assert look.page_numbers(Paginator(range(100), 10).page(5)) == [1, None, 4, 5, 6, None, 10]


def test_problems_are_counted_in_form_and_list() -> None:
    form = SimpleNamespace(is_bound=True, errors={"email": ["one", "two"]})

    assert look.count_problems(form, ["three"]) == 3  # type: ignore[arg-type]  # only these two are read


@pytest.mark.parametrize(
    ("minutes", "french", "dutch"),
    [
        (90, "1 h 30", "1 uur 30 minuten"),
        (120, "2 h", "2 uur"),
        (45, "45 minutes", "45 minuten"),
        (0, "0 minutes", "0 minuten"),
        (605, "10 h 05", "10 uur 5 minuten"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(minutes: int, french: str, dutch: str) -> None:
    said = [spoken.duration(dt.timedelta(minutes=minutes), language) for language in ("fr", "nl")]
    assert [each.replace(spoken.NBSP, " ") for each in said] == [french, dutch]
