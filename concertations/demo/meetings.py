"""Series and meetings of the demo: what Sud-Est held in 2024 and 2025, and meetings ahead that one can register for.

The past is real (``past_meetings``), what lies ahead is made up; both go in through the rules. The same day
gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from basins.enums import BasinCode
from basins.models import Basin, Municipality
from concertations import reports
from concertations.enums import ItemKind, MeetingState, SeriesKind
from concertations.models import Meeting, Series, Theme
from concertations.past_meetings import TABLES, past_meetings
from concertations.rules import agenda, documents, meetings, series
from concertations.rules.agenda import ItemData
from concertations.rules.documents import DocumentData
from concertations.rules.meetings import MeetingData
from concertations.rules.series import SeriesData
from concertations.rules.window import why_closed
from core.calendar import public_holidays, school_holidays
from core.spoken import BRUSSELS

INTROS = {
    "sante-mentale": (
        "Trois fois par an, les professionnels du bassin parlent de santé mentale : ce qui manque et qui aide.",
        "Driemaal per jaar praten professionals van de zorgzone over geestelijke gezondheid: wat mist, wie helpt.",
    ),
    "atelier-du-changement": (
        "Tous les acteurs du bassin autour des mêmes tables : on y choisit ce que l’on change ensemble.",
        "Alle actoren van de zorgzone rond dezelfde tafels: hier kiezen we wat we samen veranderen.",
    ),
    "perinatalite": (
        "Quatre rencontres par an autour de la naissance, avec un repas.",
        "Vier ontmoetingen per jaar rond de geboorte, met een maaltijd.",
    ),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting ahead, made up: of which series, in how many weeks, its hours, seats and subject."""

    slug: str
    weeks: int
    begins: str
    ends: str
    seats: int
    title_fr: str = ""
    title_nl: str = ""


AHEAD = (
    Plan(
        *("sante-mentale", 5, "09:15", "12:15", 40),
        title_fr="Après l’hôpital : qui prend le relais ?",
        title_nl="Na het ziekenhuis: wie neemt over?",
    ),
    Plan(
        *("prevention", 7, "13:00", "16:00", 30),
        title_fr="Le dépistage là où les gens vivent",
        title_nl="Screening waar mensen wonen",
    ),
    Plan("atelier-du-changement", 9, "14:00", "16:00", 70),
    Plan(
        *("perinatalite", 11, "12:00", "14:30", 25),
        title_fr="Les premières semaines à la maison",
        title_nl="De eerste weken thuis",
    ),
)
DRAFT = Plan(
    *("liaison-hopital-ambulatoire", 12, "09:15", "12:15", 40),
    title_fr="La sortie du vendredi",
    title_nl="Naar huis op vrijdag",
)
ELSEWHERE = (
    (BasinCode.NORD, 6),
    (BasinCode.NORD_EST, 8),
    (BasinCode.CENTRE_OUEST, 10),
    (BasinCode.SUD, 7),
)


def seed(today: dt.date, *, is_new: bool) -> None:
    """All of it the first time; later further meetings ahead as soon as one can register for none any more."""
    basin = Basin.objects.get(code=BasinCode.SUD_EST)
    if is_new:
        _seed_past(basin)
    coming = Meeting.objects.filter(series__basin=basin, state=MeetingState.ANNOUNCED)
    if all(why_closed(meeting) for meeting in coming):
        _seed_ahead(basin, today)
    if is_new:
        _seed_draft(basin, today)
        _seed_elsewhere(today)


def _seed_past(basin: Basin) -> None:
    made: dict[str, Series] = {}
    for row in past_meetings():
        slug = row.series.slug
        if slug not in made:
            made[slug] = _series(None if row.is_regional else basin, row.series)
        meeting = meetings.record_held(series=made[slug], data=row.data, by=None)
        for title_fr, title_nl in TABLES.get(slug, ()):
            agenda.add(
                meeting=meeting, data=ItemData(title_fr=title_fr, title_nl=title_nl, kind=ItemKind.TABLES), by=None
            )


def _series(basin: Basin | None, data: SeriesData) -> Series:
    intro_fr, intro_nl = INTROS.get(data.slug, ("", ""))
    values = {name: getattr(data, name) for name in data.__dataclass_fields__}
    contact = {"contact_name": "Alice", "contact_email": "alice@example.org"} if basin else {}
    whole = SeriesData(**values | {"intro_fr": intro_fr, "intro_nl": intro_nl} | contact)
    return series.create(basin=basin, data=whole, by=None)


def _seed_ahead(basin: Basin, today: dt.date) -> None:
    for plan in AHEAD:
        row = Series.objects.get(basin=basin, slug=plan.slug)
        _paper(_announced(row, _data(row, today, plan)))


def _seed_draft(basin: Basin, today: dt.date) -> None:
    row = Series.objects.get(basin=basin, slug=DRAFT.slug)
    meetings.create(series=row, data=_data(row, today, DRAFT), by=None)


def _seed_elsewhere(today: dt.date) -> None:
    """One series in each other basin: the Region's calendar is of all five."""
    theme = Theme.objects.get(code="mental-health")
    for code, weeks in ELSEWHERE:
        data = SeriesData(
            slug="sante-mentale",
            kind=SeriesKind.THEMATIC,
            theme=theme,
            name_fr="CT Santé mentale",
            name_nl="TO Geestelijke gezondheid",
        )
        row = series.create(basin=Basin.objects.get(code=code), data=data, by=None)
        _announced(row, _data(row, today, Plan("sante-mentale", weeks, "09:30", "12:00", 30)))


def _data(row: Series, today: dt.date, plan: Plan) -> MeetingData:
    day = _working_day(today + dt.timedelta(weeks=plan.weeks))
    opens = dt.datetime.combine(today - dt.timedelta(days=3), dt.time(9), tzinfo=BRUSSELS)
    starts, ends = (
        dt.datetime.combine(day, dt.time.fromisoformat(each), tzinfo=BRUSSELS) for each in (plan.begins, plan.ends)
    )
    here = row.basin is not None and row.basin.code == BasinCode.SUD_EST
    place: dict[str, Any] = {
        "place_fr": "Salle communale de l’Exemple",
        "place_nl": "Gemeentezaal Het Voorbeeld",
        "street_fr": "Rue du Modèle 12",
        "street_nl": "Modelstraat 12",
        "postcode": "1040",
        "municipality": Municipality.objects.filter(name_fr="Etterbeek").first(),
        "wheelchair": True,
    }
    return MeetingData(
        number=meetings.next_number(row) if row.kind != SeriesKind.REGIONAL_COUNCIL else None,
        title_fr=plan.title_fr,
        title_nl=plan.title_nl,
        starts_at=starts,
        ends_at=ends,
        seats=plan.seats,
        registration_opens_at=opens,
        registration_closes_at=starts - dt.timedelta(days=3),
        meal_offered=row.kind == SeriesKind.CYCLE,
        **(place if here else {}),
        online_url="" if here else "https://visio.example.org/concertation",
    )


def _announced(row: Series, data: MeetingData) -> Meeting:
    meeting = meetings.create(series=row, data=data, by=None)
    agenda.begin_with_usual(meeting=meeting, by=None)
    return meetings.move(meeting=meeting, to=MeetingState.ANNOUNCED, by=None, now=timezone.now())


def _paper(meeting: Meeting) -> None:
    """The agenda as one sends it beforehand; drawn once, for the first meeting ahead."""
    if meeting.series.slug != "sante-mentale":
        return
    content = ContentFile(reports.render_agenda(meeting, language="fr"), name="ordre-du-jour.pdf")
    data = DocumentData(title_fr="Ordre du jour à imprimer", title_nl="Agenda om af te drukken")
    documents.add(series=meeting.series, meeting=meeting, data=data, file=content, by=None)


def _working_day(day: dt.date) -> dt.date:
    """That Tuesday or the next one on which neither offices nor schools are closed."""
    tuesday = day + dt.timedelta(days=(1 - day.weekday()) % 7)
    for weeks in range(12):
        wanted = tuesday + dt.timedelta(weeks=weeks)
        if not public_holidays(wanted, wanted, "fr") and not school_holidays(wanted, wanted):
            return wanted
    return tuesday
