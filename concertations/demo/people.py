"""People of the demo: who registered for the meetings ahead, and a community of practice in the middle of its cycle.

Made up, names included. They go in past the letters: dozens of confirmations would fill the demo's mailbox. The
promises of the rules are kept all the same: no more seats taken than there are, the count true. Daan alone registers
as one does, so that his letter is there to read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from basins.enums import BasinCode
from basins.models import Basin, User
from concertations.enums import MeetingState, NotedBy, Presence, RegistrationState, SeriesKind
from concertations.enums_communities import MembershipState
from concertations.models import CommunityCycle, Meeting, Membership, Participant, Registration, Series
from concertations.rules import cycles, registering, series
from concertations.rules.cycles import CycleData
from concertations.rules.registering import Person, Wishes
from concertations.rules.series import SeriesData

DAAN = "daan@example.org"
COMMUNITY = "sante-mentale-et-logement"
# Name, language, function, field of work, organisation.
PEOPLE = (
    ("Amina Lambert", "fr", "assistante sociale", "social", "Service social du Modèle"),
    ("Bart Peeters", "nl", "huisarts", "health", "Wijkgezondheidscentrum Het Voorbeeld"),
    ("Camille Dubois", "fr", "psychologue", "mental_health", "Centre de l’Essai asbl"),
    ("Dries Maes", "nl", "thuisverpleegkundige", "home_care", "Thuiszorg Het Model"),
    ("Élise Renard", "fr", "infirmière", "home_care", "Soins à domicile de l’Exemple"),
    ("Fatima Benali", "fr", "coordinatrice", "health", "Maison médicale de l’Exemple"),
    ("Gilles Moreau", "fr", "éducateur", "youth", "AMO de la Preuve"),
    ("Hanne Claes", "nl", "ergotherapeut", "elderly", "Dienstencentrum De Proef"),
    ("Inès Diallo", "fr", "directrice", "elderly", "Maison de repos Le Modèle"),
    ("Joris Wouters", "nl", "maatschappelijk werker", "public", "OCMW van het Voorbeeld"),
    ("Karim Simon", "fr", "assistant social", "public", "CPAS de l’Exemple"),
    ("Leen Goossens", "nl", "psychiater", "mental_health", "Ziekenhuis De Proef"),
    ("Mehdi Jacobs", "fr", "médecin", "health", "Hôpital de l’Essai"),
    ("Nadia Lambert", "fr", "patiente experte", "mental_health", ""),
    ("Olivier Peeters", "fr", "agent de logement", "housing", "Agence du Modèle"),
    ("Petra Dubois", "nl", "begeleider", "disability", "Voorbeeldhuis vzw"),
    ("Rachida Maes", "fr", "sage-femme", "health", ""),
    ("Sofie Renard", "nl", "vroedvrouw", "health", "Expertisecentrum Het Model"),
    ("Thomas Benali", "fr", "kinésithérapeute", "health", ""),
    ("Veerle Moreau", "nl", "coördinator", "social", "Welzijnswerk De Proef"),
    ("Wim Claes", "nl", "apotheker", "health", "Apotheek Het Voorbeeld"),
    ("Yasmine Diallo", "fr", "médiatrice", "social", "Médiation de l’Exemple"),
    ("Zoë Wouters", "fr", "psychiatre", "mental_health", "Équipe mobile du Modèle"),
    ("Thibault Simon", "fr", "chercheur", "other", "Observatoire de l’Essai"),
    ("Ursula Goossens", "nl", "mantelzorger", "other", ""),
    ("Sacha Jacobs", "fr", "aide familiale", "home_care", "Aide à domicile du Modèle"),
    ("Anneleen Lambert", "nl", "logopedist", "disability", "Revalidatie De Proef"),
)
# How many of them come to the next meeting of a series; the last ones wait where seats are short.
COMING = {"sante-mentale": 19, "prevention": 11, "perinatalite": 27}
SESSIONS_PAST = 4
MEMBERS = 12


def seed(today: dt.date, *, is_new: bool) -> None:
    """Each meeting ahead that has nobody yet gets its people; the community is made the first time."""
    basin = Basin.objects.get(code=BasinCode.SUD_EST)
    for slug, number in COMING.items():
        found = Meeting.objects.filter(series__basin=basin, series__slug=slug, state=MeetingState.ANNOUNCED)
        meeting = found.filter(starts_at__gt=timezone.now(), registrations=None).order_by("starts_at").first()
        if meeting is not None:
            _fill(meeting, number)
    if is_new:
        _seed_community(basin, today)
        _register_daan(basin)


def _people(row: Series, number: int) -> list[Participant]:
    """The first ``number`` people in a series, made where they are not there."""
    known = {person.email: person for person in Participant.objects.filter(series=row)}
    fresh = []
    for position, (name, language, role, sector, organisation) in enumerate(PEOPLE[:number], start=1):
        address = f"demo{position}@example.org"
        if address not in known:
            fresh.append(
                Participant(
                    series=row,
                    email=address,
                    name=name,
                    language=language,
                    role=role,
                    sector=sector,
                    organisation=organisation,
                )
            )
    made = {person.email: person for person in Participant.objects.bulk_create(fresh)} | known
    return [made[f"demo{position}@example.org"] for position in range(1, number + 1)]


def _fill(meeting: Meeting, number: int) -> None:
    """Seats in order, then places in line."""
    now = timezone.now()
    seats = number if meeting.seats is None else min(number, meeting.seats - meeting.seats_taken)
    rows = [
        Registration(
            meeting=meeting,
            participant=person,
            state=RegistrationState.CONFIRMED if position < seats else RegistrationState.WAITING,
            confirmed_at=now,
            created=now - dt.timedelta(hours=number - position),
            meal=("vegetarian" if position % 3 else "all") if meeting.meal_offered else "",
            access_needs="Accès en fauteuil roulant" if position == 1 else "",
            expectations="Des noms à qui téléphoner." if position % 5 == 0 else "",
        )
        for position, person in enumerate(_people(meeting.series, number))
    ]
    Registration.objects.bulk_create(rows)
    Meeting.objects.filter(pk=meeting.pk).update(seats_taken=F("seats_taken") + seats)


def _register_daan(basin: Basin) -> None:
    user = User.objects.filter(email=DAAN).first()
    found = Meeting.objects.filter(series__basin=basin, series__slug="prevention", state=MeetingState.ANNOUNCED)
    meeting = found.filter(starts_at__gt=timezone.now()).order_by("starts_at").first()
    if user is None or meeting is None:
        return
    who = Person(
        name=user.name, email=DAAN, language=user.language, role="arts", sector="health", organisation="Wijkhuis"
    )
    registering.register(meeting=meeting, person=who, wishes=Wishes(), by=user)


# --- A community of practice -----------------------------------------------------------------------


def _seed_community(basin: Basin, today: dt.date) -> None:
    """One cycle under way, with its members and who came; the next one looks for members."""
    data = SeriesData(
        slug=COMMUNITY,
        kind=SeriesKind.COMMUNITY,
        name_fr="CdP Santé mentale et logement",
        name_nl="PG Geestelijke gezondheid en wonen",
        intro_fr="Un groupe fermé de quatorze personnes au plus, qui se voit dix fois et apprend de ses situations.",
        intro_nl="Een gesloten groep van hoogstens veertien mensen, die tienmaal samenkomt en uit situaties leert.",
        contact_name="Alice",
        contact_email="alice@example.org",
    )
    row = series.create(basin=basin, data=data, by=None)
    first = today - dt.timedelta(weeks=4 * SESSIONS_PAST)
    running = cycles.create(series=row, data=_cycle(_year(first, 0), first), by=None)
    cycles.make_sessions(cycle=running, by=None)
    members = _people(row, MEMBERS)
    _join(running, members)
    _hold(running, members)
    following = today + dt.timedelta(weeks=40)
    now = timezone.now()
    data_next = _cycle(
        _year(first, 1),
        following,
        opens=now - dt.timedelta(days=10),
        closes=now + dt.timedelta(weeks=20),
    )
    call = cycles.create(series=row, data=data_next, by=None)
    for person in _people(row, MEMBERS + 3)[MEMBERS:]:
        Membership.objects.create(
            cycle=call,
            participant=person,
            motivation="Je cherche des collègues avec qui regarder des situations qui bloquent.",
            wants_to_moderate=person.role == "patiente experte",
        )


def _year(first: dt.date, later: int) -> str:
    """``2026-2027``: as schools count their years, and each cycle another."""
    return f"{first.year + later}-{first.year + later + 1}"


def _cycle(
    name: str, first: dt.date, *, opens: dt.datetime | None = None, closes: dt.datetime | None = None
) -> CycleData:
    return CycleData(
        name=name,
        first_day=first,
        begins=dt.time(13, 30),
        ends=dt.time(16, 30),
        recruitment_opens_at=opens,
        recruitment_closes_at=closes,
        call_fr="Le logement et la santé mentale se tiennent : dix séances autour de situations vécues, sans noms.",
        call_nl="Wonen en geestelijke gezondheid hangen samen: tien sessies rond beleefde situaties, zonder namen.",
        commitment_fr="Je viens aux dix séances, je prépare une situation, ce qui se dit reste dans le groupe.",
        commitment_nl="Ik kom naar de tien sessies, ik bereid een situatie voor, wat gezegd wordt blijft in de groep.",
    )


def _join(cycle: CommunityCycle, members: Sequence[Participant]) -> None:
    """All committed before the first session; two lead."""
    moment = dt.datetime.combine(cycle.first_day - dt.timedelta(days=20), dt.time(10), tzinfo=dt.UTC)
    Membership.objects.bulk_create(
        Membership(
            cycle=cycle,
            participant=person,
            state=MembershipState.ACCEPTED,
            motivation="Apprendre les uns des autres.",
            moderator_place=position if position <= 2 else None,
            committed_at=moment,
            decided_at=moment,
        )
        for position, person in enumerate(members, start=1)
    )
    CommunityCycle.objects.filter(pk=cycle.pk).update(places_taken=len(members))


def _hold(cycle: CommunityCycle, members: Sequence[Participant]) -> None:
    """Who came to the sessions so far; at each one somebody else is missing."""
    now = timezone.now()
    for session in cycle.sessions.select_related("meeting").order_by("position"):
        meeting = session.meeting
        is_over = meeting.ends_at <= now
        rows = []
        for position, person in enumerate(members):
            word = ""
            if is_over:
                gone = (position + session.position) % 6 == 0
                word = (Presence.EXCUSED if position % 2 else Presence.ABSENT) if gone else Presence.PRESENT
            rows.append(
                Registration(
                    meeting=meeting,
                    participant=person,
                    confirmed_at=now,
                    presence=word,
                    presence_at=meeting.ends_at if word else None,
                    presence_by=NotedBy.STAFF if word else "",
                )
            )
        Registration.objects.bulk_create(rows)
        Meeting.objects.filter(pk=meeting.pk).update(
            seats_taken=len(rows), state=MeetingState.HELD if is_over else MeetingState.ANNOUNCED
        )
