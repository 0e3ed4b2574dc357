"""Believable data for the demo: the week of December 2024 as it was, and one whose sign-up is open today.

The programme comes in through the import, as a team would bring it. Bookings go in by a bulk path of
their own: hundreds of confirmations would fill the demo's mailbox, and those of 2024 lie in a past in
which ``rules.booking`` rightly refuses. It keeps the rules' promises itself: no visit above its
seats, nobody at two places at once, the count of seats taken true. Everything is drawn with seeded
generators: the same day gives the same data.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import holidays
from django.db import transaction
from django.utils import timezone

from basins.enums import BasinCode, Sector
from basins.models import Basin
from core.codes import ALPHABET
from core.spoken import BRUSSELS
from opendoors import demo_stories
from opendoors.enums import PUBLIC_STATES, EditionState
from opendoors.models import BookedVisit, Booking, Edition, EditionStateChange, Host, Visit, Visitor
from opendoors.rules import booking, editions, hosting, importing
from opendoors.rules.booking import why_not_bookable
from opendoors.rules.editions import EditionData
from opendoors.rules.programme_data import HostData

FACTS = Path(__file__).parent / "facts" / "open_doors_sud_est_2024.csv"
PAST_MONDAY = dt.date(2024, 12, 2)
CHANTAL = "chantal@example.org"
DAAN = "daan@example.org"

INTRO_FR = (
    "Pendant une semaine, les services du bassin Sud-Est ouvrent leurs portes aux professionnels. "
    "Choisissez vos visites, voyez comment les autres travaillent, et repartez avec un nom et un visage."
)
INTRO_NL = (
    "Een week lang zetten de diensten van de zorgzone Zuid-Oost hun deuren open voor collega’s. "
    "Kies uw bezoeken, kijk hoe anderen werken, en ga naar huis met een naam en een gezicht."
)
FIRST_NAMES = (
    "Amina Bart Camille Dries Élise Fatima Gilles Hanne Inès Joris Karim Leen Mehdi Nadia Olivier Petra "
    "Quentin Rachida Sofie Thomas Ursula Veerle Wim Yasmine Zoë"
).split()
LAST_NAMES = "Lambert Peeters Dubois Maes Benali Jacobs Renard Claes Moreau Wouters Diallo Simon Goossens".split()
ORGANISATIONS = {
    "fr": ["Maison médicale de l’Exemple", "Service social du Modèle", "Centre de l’Essai asbl", ""],
    "nl": ["Voorbeeldhuis vzw", "Thuiszorg Het Model", "Dienstencentrum De Proef", ""],
}


@transaction.atomic
def seed(today: dt.date, *, is_new: bool = True) -> None:
    """Both editions the first time; later a new one ahead as soon as none is open for sign-up any more."""
    basin = Basin.objects.get(code=BasinCode.SUD_EST)
    if is_new:
        _seed_past(basin)
    if all(why_not_bookable(edition) for edition in Edition.objects.filter(basin=basin, state__in=PUBLIC_STATES)):
        _seed_open(basin, today)
    if is_new:
        _seed_call(basin, today)


def _seed_past(basin: Basin) -> None:
    """*Le Grand Bain / Het Grote Bad* of 2 to 6 December 2024: 131 professionals made 182 visits."""
    opens, closes = _at(dt.date(2024, 9, 9), 9), _at(dt.date(2024, 11, 22), 18)
    edition = _edition(basin, PAST_MONDAY, slug="2024", opens=opens, closes=closes)
    rng = random.Random("le grand bain 2024")  # noqa: S311 - the same data each time is the point
    visits_each = [1] * 91 + [2] * 29 + [3] * 11
    rng.shuffle(visits_each)
    visits = list(edition.visits.order_by("starts_at", "pk"))
    taken: Counter[int] = Counter()
    chosen: list[list[Visit]] = []
    for number in visits_each:
        mine: list[Visit] = []
        while len(mine) < number:
            visit = rng.choice(visits)
            if taken[visit.pk] < visit.seats and _is_free(mine, visit):
                mine.append(visit)
                taken[visit.pk] += 1
        chosen.append(mine)
    _store_bookings(edition, chosen, rng, first=opens, last=closes)
    demo_stories.was_held(edition, rng)
    _live(
        edition,
        (EditionState.PUBLISHED, opens - dt.timedelta(days=7)),
        (EditionState.OPEN, opens),
        (EditionState.CLOSED, closes),
        (EditionState.RUNNING, _at(PAST_MONDAY, 0)),
        (EditionState.EVALUATED, _at(dt.date(2024, 12, 20), 15)),
    )


def _seed_open(basin: Basin, today: dt.date) -> None:
    """The same grid, Monday to Friday in five to seven weeks; sign-up has been open for a week."""
    monday = _monday_ahead(today)
    opens = _at(today - dt.timedelta(days=7), 9)
    closes = _at(monday - dt.timedelta(days=10), 23, 59)
    slug = _free_slug(basin, monday.year)
    edition = _edition(basin, monday, slug=slug, opens=opens, closes=closes)
    rng = random.Random(f"the open week {slug}")  # noqa: S311 - the same data each time is the point
    visits = list(edition.visits.order_by("starts_at", "pk"))
    full = set(rng.sample(range(len(visits)), 6))
    chosen: list[list[Visit]] = [[] for _visitor in range(170)]
    for place, visit in enumerate(visits):
        wanted = visit.seats if place in full else rng.randint(0, visit.seats * 2 // 3)
        free = [mine for mine in chosen if len(mine) < 6 and _is_free(mine, visit)]
        for mine in rng.sample(free, wanted):
            mine.append(visit)
    yesterday = _at(today - dt.timedelta(days=1), 20)
    _store_bookings(edition, [mine for mine in chosen if mine], rng, first=opens, last=yesterday)
    _live(edition, (EditionState.PUBLISHED, opens - dt.timedelta(days=14)), (EditionState.OPEN, opens))
    _give_chantal_a_host(edition)
    _book_for_daan(edition)
    demo_stories.is_wanted(edition, email=DAAN)


def _seed_call(basin: Basin, today: dt.date) -> None:
    """The edition after next, in half a year, for which services are being asked."""
    monday = _monday_ahead(today) + dt.timedelta(weeks=26)
    demo_stories.is_called(basin, monday, slug=_free_slug(basin, monday.year), today=today, contact=CHANTAL)


def _free_slug(basin: Basin, year: int) -> str:
    """The year, with a number behind it where a week of that year has it already."""
    known = set(Edition.objects.filter(basin=basin).values_list("slug", flat=True))
    return next(slug for slug in (f"{year}", *(f"{year}-{n}" for n in range(2, 100))) if slug not in known)


def _monday_ahead(today: dt.date) -> dt.date:
    """The Monday of a week without a public holiday, if there is one among the sixth, fifth and seventh."""
    this_monday = today - dt.timedelta(days=today.weekday())
    mondays = [this_monday + dt.timedelta(weeks=weeks) for weeks in (6, 5, 7)]
    free_days = holidays.country_holidays("BE", years={today.year, today.year + 1})
    working = (
        monday for monday in mondays if not any(monday + dt.timedelta(days=day) in free_days for day in range(5))
    )
    return next(working, mondays[0])


def _edition(basin: Basin, monday: dt.date, *, slug: str, opens: dt.datetime, closes: dt.datetime) -> Edition:
    data = EditionData(
        slug=slug,
        starts_on=monday,
        ends_on=monday + dt.timedelta(days=4),
        signup_opens_at=opens,
        signup_closes_at=closes,
        name_fr="Le Grand Bain",
        name_nl="Het Grote Bad",
        intro_fr=INTRO_FR,
        intro_nl=INTRO_NL,
    )
    edition = editions.create(basin=basin, data=data, by=None)
    importing.apply(edition=edition, content=_programme(monday), by=None)
    return edition


def _programme(monday: dt.date) -> bytes:
    """The programme file of 2024 with its days moved to the week of ``monday``."""
    rows = list(csv.reader(io.StringIO(FACTS.read_text(encoding="utf-8"))))
    ahead = monday - PAST_MONDAY
    moved = [rows[0], *([f"{dt.date.fromisoformat(day) + ahead}", *rest] for day, *rest in rows[1:])]
    text = io.StringIO()
    csv.writer(text).writerows(moved)
    return text.getvalue().encode()


def _is_free(mine: Iterable[Visit], visit: Visit) -> bool:
    return all(visit.ends_at <= other.starts_at or other.ends_at <= visit.starts_at for other in mine)


def _store_bookings(
    edition: Edition, chosen: Sequence[Sequence[Visit]], rng: random.Random, *, first: dt.datetime, last: dt.datetime
) -> None:
    """One visitor and one booking per list of visits, made at some time between ``first`` and ``last``."""
    visitors = []
    bookings = []
    booked = []
    for number, visits in enumerate(chosen, start=1):
        moment = first + (last - first) * rng.random()
        language = "nl" if rng.random() < 0.3 else "fr"
        person, family = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        visitor = Visitor(edition=edition, email=f"visitor{number}@example.org", language=language, created=moment)
        one = Booking(
            visitor=visitor,
            reference="".join(rng.choices(ALPHABET, k=8)),
            name=f"{person} {family}",
            organisation=rng.choice(ORGANISATIONS[language]),
            sector=rng.choice(Sector.values),
            created=moment,
        )
        visitors.append(visitor)
        bookings.append(one)
        booked += [BookedVisit(booking=one, visit=visit, created=moment) for visit in visits]
    Visitor.objects.bulk_create(visitors)
    Booking.objects.bulk_create(bookings)
    BookedVisit.objects.bulk_create(booked)
    taken = Counter(row.visit_id for row in booked)
    visits = list(edition.visits.all())
    for visit in visits:
        visit.seats_taken = taken[visit.pk]
    Visit.objects.bulk_update(visits, ["seats_taken"])


def _live(edition: Edition, *steps: tuple[EditionState, dt.datetime]) -> None:
    """The steps the edition took before the demo began, with the moments they were taken at."""
    before = EditionState(edition.state)
    for state, moment in steps:
        step = EditionStateChange.objects.create(edition=edition, from_state=before, to_state=state)
        EditionStateChange.objects.filter(pk=step.pk).update(at=moment)  # the column fills itself with now
        before = state
    Edition.objects.filter(pk=edition.pk).update(state=before, modified=timezone.now())


def _give_chantal_a_host(edition: Edition) -> None:
    host: Host = edition.hosts.get(search_name="ssm le chien vert")
    data = {name: getattr(host, name) or "" for name in HostData.__dataclass_fields__}
    contact = {"contact_name": "Chantal", "contact_email": CHANTAL}
    hosting.edit_host(host=host, data=HostData(**data | contact), by=None)


def _book_for_daan(edition: Edition) -> None:
    """Two visits on two days, through the rule itself: so the demo's mailbox has a confirmation to read."""
    with_seats = [visit for visit in edition.visits.order_by("starts_at", "pk") if visit.seats_left > 0]
    first = with_seats[0]
    other = next(visit for visit in with_seats if visit.starts_at.date() > first.starts_at.date())
    booking.book(
        visits=[first.uuid, other.uuid],
        name="Daan",
        email=DAAN,
        language="nl",
        by=None,
        organisation="Voorbeeldhuis vzw",
        sector=Sector.SOCIAL,
    )


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=BRUSSELS)
