"""What happened around the demo's weeks: who came, what they said, who waits, which services answer the next call.

Split from ``demo``, which makes the weeks themselves. What lies in the past goes in by a bulk path, what
is of today through the rules, so that the demo's mailbox has the letters to read.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from basins.enums import Sector
from basins.models import Basin
from core.spoken import BRUSSELS
from opendoors.enums import AnswerRole, Attendance, Degree, EditionState, NotedBy
from opendoors.models import Answer, BookedVisit, Booking, Edition, Host, Visit, Visitor, WaitingRequest, Wish
from opendoors.rules import addresses, booking, editions, validating, waiting
from opendoors.rules.editions import EditionData
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from opendoors.rules.seats import overlap

# What visitors liked and missed, in the language they wrote it in. Made up for the demo.
BEST = {
    "fr": (
        "J’ai enfin mis un visage sur une voix que j’appelle depuis trois ans.",
        "On nous a montré comment une demande arrive et ce qu’elle devient.",
        "Le café, et le temps de poser toutes mes questions.",
        "Je sais maintenant à qui adresser une famille qui attend un logement.",
    ),
    "nl": (
        "Eindelijk een gezicht bij de stem die ik al drie jaar bel.",
        "We zagen hoe een vraag binnenkomt en wat ermee gebeurt.",
        "Tijd om rustig alle vragen te stellen.",
        "Ik weet nu naar wie ik een gezin doorverwijs dat op een woning wacht.",
    ),
}
MISSING = {
    "fr": (
        "Un suivi psychologique à domicile sans trois mois d’attente.",
        "Des soins dentaires pour les personnes sans papiers.",
        "Un lieu ouvert le soir pour les jeunes adultes.",
    ),
    "nl": (
        "Psychologische hulp aan huis zonder drie maanden wachten.",
        "Tandzorg voor mensen zonder papieren.",
        "Een plek voor jongvolwassenen die ’s avonds open is.",
    ),
}
QUOTED = 6

CALL_FR = (
    "Ouvrez votre porte une heure et demie à des collègues d’autres services. Vous choisissez le jour, l’heure et "
    "le nombre de places ; nous faisons le programme, les inscriptions et les rappels."
)
CALL_NL = (
    "Zet uw deur anderhalf uur open voor collega’s van andere diensten. U kiest de dag, het uur en het aantal "
    "plaatsen; wij maken het programma en zorgen voor de inschrijvingen en de herinneringen."
)


# --- The week that was held ------------------------------------------------------------------------


def was_held(edition: Edition, rng: random.Random) -> None:
    """Everybody who booked came, some more had booked and could not; a good part said how it was."""
    rows = list(BookedVisit.objects.filter(visit__edition=edition).select_related("visit", "booking__visitor"))
    for row in rows:
        _note(row, Attendance.PRESENT)
    missed = _who_could_not(edition, rows, rng)
    BookedVisit.objects.bulk_create(missed)
    BookedVisit.objects.bulk_update(rows, ["attendance", "attendance_at", "attendance_by"])
    visits = list(edition.visits.all())
    more = [row.visit_id for row in missed]
    for visit in visits:
        visit.seats_taken += more.count(visit.pk)
        visit.walk_ins = rng.choice([0, 0, 0, 0, 1, 1, 2])
    Visit.objects.bulk_update(visits, ["seats_taken", "walk_ins"])
    hosts = list(edition.hosts.all())
    visitors = list({row.booking.visitor_id: row.booking.visitor for row in rows}.values())
    _answers(edition, rng.sample(visitors, 64), rng.sample(hosts, 29), rng)


def _note(row: BookedVisit, attendance: Attendance) -> None:
    row.attendance, row.attendance_at, row.attendance_by = attendance, row.visit.ends_at, NotedBy.HOST


def _who_could_not(edition: Edition, rows: Sequence[BookedVisit], rng: random.Random) -> list[BookedVisit]:
    """Fourteen people had booked one visit more, on a day on which they made none."""
    taken = {visit.pk: visit.seats - visit.seats_taken for visit in edition.visits.all()}
    by_booking: dict[Booking, list[Visit]] = {}
    for row in rows:
        by_booking.setdefault(row.booking, []).append(row.visit)
    missed = []
    for one in rng.sample(sorted(by_booking, key=lambda each: each.reference), 14):
        days = {visit.starts_at.date() for visit in by_booking[one]}
        free = [v for v in edition.visits.order_by("pk") if taken[v.pk] > 0 and v.starts_at.date() not in days]
        visit = rng.choice(free)
        taken[visit.pk] -= 1
        row = BookedVisit(booking=one, visit=visit, created=one.created)
        _note(row, rng.choice([Attendance.EXCUSED, Attendance.EXCUSED, Attendance.ABSENT]))
        missed.append(row)
    return missed


def _answers(edition: Edition, visitors: Sequence[Visitor], hosts: Sequence[Host], rng: random.Random) -> None:
    degrees = [Degree.YES, Degree.YES, Degree.YES, Degree.PARTLY, Degree.NO]
    moment = dt.datetime.combine(edition.ends_on + dt.timedelta(days=4), dt.time(11), tzinfo=BRUSSELS)
    answers = []
    for visitor, host in [*((each, None) for each in visitors), *((None, each) for each in hosts)]:
        language = visitor.language if visitor else (host.name_language or "fr") if host else "fr"
        answers.append(
            Answer(
                edition=edition,
                role=AnswerRole.VISITOR if visitor else AnswerRole.HOST,
                visitor=visitor,
                host=host,
                language=language,
                rating=rng.choice([3, 4, 4, 4, 5, 5, 5]),
                knows_better=rng.choice(degrees),
                will_contact=rng.choice(degrees),
                again=rng.choice(degrees),
                best=rng.choice([*BEST[language], "", ""]),
                missing=rng.choice([*MISSING[language], "", "", "", "", ""]),
                may_quote=rng.random() < 0.6,
                created=moment,
            )
        )
    told = [answer for answer in answers if answer.may_quote and answer.best]
    quoted: dict[str, Answer] = {}
    for answer in told:
        quoted.setdefault(answer.best, answer)
    for answer in list(quoted.values())[:QUOTED]:
        answer.is_quoted = True
    Answer.objects.bulk_create(answers)


# --- The week that can be booked ---------------------------------------------------------------------


def is_wanted(edition: Edition, *, email: str) -> None:
    """A team comes as three; people wait where it is full; ``email`` is next in one line and second in another."""
    free = next(visit for visit in edition.visits.order_by("-starts_at", "pk") if visit.seats_left >= 8)
    booking.book(
        visits=[free.uuid],
        seats=3,
        name="Petra Claes",
        companions="Karim Benali\nSofie Maes",
        email="team@example.org",
        language="nl",
        organisation="Thuiszorg Het Model",
        sector=Sector.HOME_CARE,
        by=None,
    )
    addresses.confirm(visitor=Visitor.objects.get(edition=edition, email="team@example.org"), by=None)
    held = BookedVisit.objects.filter(booking__visitor__edition=edition, booking__visitor__email=email)
    mine = [row.visit for row in held.select_related("visit")]
    visits = edition.visits.order_by("starts_at", "pk")
    full = [one for one in visits if one.seats_left == 0 and not any(overlap(one, other) for other in mine)]
    first, second, *others = full
    _stands_in_line(edition, second, 2)
    waiting.join(
        visits=[first.uuid, second.uuid],
        wanted=1,
        seats=1,
        name="Daan",
        email=email,
        language="nl",
        organisation="Voorbeeldhuis vzw",
        sector=Sector.SOCIAL,
        by=None,
    )
    addresses.confirm(visitor=Visitor.objects.get(edition=edition, email=email), by=None)
    for visit in (first, *others):
        _stands_in_line(edition, visit, 3)
    leaving = first.booked.select_related("booking").order_by("pk")[0].booking
    booking.cancel(booking=leaving, by=None)


def _stands_in_line(edition: Edition, visit: Visit, number: int) -> None:
    """People who wait for one visit, without the letters they got."""
    for place in range(number):
        visitor, _made = Visitor.objects.get_or_create(
            edition=edition, email=f"waiting{visit.pk}-{place}@example.org", defaults={"language": "fr"}
        )
        request = WaitingRequest.objects.create(
            visitor=visitor, name=f"En attente {place + 1}", wanted=1, seats=1, sector=Sector.HEALTH
        )
        Wish.objects.create(request=request, visit=visit)


# --- The week after next -----------------------------------------------------------------------------


def is_called(basin: Basin, monday: dt.date, *, slug: str, today: dt.date, contact: str) -> Edition:
    """An edition that calls for hosts: one accepted, one asked for a change, one refused, two to decide."""
    opens = dt.datetime.combine(monday - dt.timedelta(weeks=10), dt.time(9), tzinfo=BRUSSELS)
    data = EditionData(
        slug=slug,
        name_fr="Le Grand Bain",
        name_nl="Het Grote Bad",
        starts_on=monday,
        ends_on=monday + dt.timedelta(days=4),
        signup_opens_at=opens,
        signup_closes_at=opens + dt.timedelta(weeks=8),
        call_text_fr=CALL_FR,
        call_text_nl=CALL_NL,
        call_opens_at=dt.datetime.combine(today - dt.timedelta(days=12), dt.time(9), tzinfo=BRUSSELS),
        call_closes_at=dt.datetime.combine(today + dt.timedelta(days=60), dt.time(23, 59), tzinfo=BRUSSELS),
    )
    edition = editions.create(basin=basin, data=data, by=None)
    editions.move(edition=edition, to=EditionState.CALL, by=None)
    accepted = _proposes(edition, "SSM Le Chien Vert", contact, "fr", day=0, seats=12)
    asked = _proposes(edition, "Ricochet asbl", "ricochet@example.org", "fr", day=1, seats=40)
    refused = _proposes(edition, "Voorbeeldhuis vzw", "voorbeeldhuis@example.org", "nl", day=2, seats=8)
    _proposes(edition, "Thuiszorg Het Model", "thuiszorg@example.org", "nl", day=3, seats=10)
    _proposes(edition, "Jangada asbl", "jangada@example.org", "fr", day=4, seats=6)
    validating.accept(host=accepted, by=None)
    validating.ask_change(
        host=asked, by=None, note="Quarante places, c’est beaucoup pour une visite: pouvez-vous en faire deux?"
    )
    validating.refuse(
        host=refused, by=None, note="Uw dienst ligt in een andere zorgzone: zij nodigen u graag uit in mei."
    )
    return edition


def _proposes(edition: Edition, name: str, email: str, language: str, *, day: int, seats: int) -> Host:
    date = edition.starts_on + dt.timedelta(days=day)
    texts = {
        "fr": {"description_fr": "Ce que nous faisons, pour qui, et comment on nous adresse quelqu’un."},
        "nl": {"description_nl": "Wat we doen, voor wie, en hoe u iemand naar ons doorverwijst."},
    }
    host = HostData(
        name=name,
        name_language=language,
        contact_name=name.split(maxsplit=1)[0],
        contact_email=email,
        contact_language=language,
        sector=Sector.SOCIAL,
        **texts[language],
    )
    place = PlaceData(street_fr="Rue de l’Exemple 12", street_nl="Voorbeeldstraat 12", postcode="1040")
    visit = VisitData(
        starts_at=dt.datetime.combine(date, dt.time(9), tzinfo=BRUSSELS),
        ends_at=dt.datetime.combine(date, dt.time(10, 30), tzinfo=BRUSSELS),
        seats=seats,
        languages=(language,),
    )
    return validating.propose(edition=edition, data=host, place=place, visits=[visit])
