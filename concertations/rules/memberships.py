"""Members of a cycle of a community of practice: apply, be taken in, commit, leave; the only writer of memberships.

Scarce: the places of the cycle (14 at most, two moderators among them). Its row is the lock and counts what is taken.
Order of locks: the cycle, the meetings by key, the participant. Who commits to the cycle is registered for each of
its sessions to come, and who leaves gives them back.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from concertations import access
from concertations.enums import MeetingState, RegistrationState
from concertations.enums_communities import MEMBERSHIP_TRANSITIONS, MODERATORS_AT_MOST, MembershipState
from concertations.errors.communities import CommunityError, CycleFull, MembershipStepRefused, RecruitmentClosed
from concertations.errors.registering import AlreadyRegistered, CrowdedNetwork
from concertations.models import CommunityCycle, Meeting, Membership, Participant, Registration
from concertations.rules import places
from concertations.rules.registering import Person
from concertations.rules.registration_letters import scope_of
from core import mail, spoken
from core.cache import count_this_hour
from core.checks import check_row

logger = logging.getLogger(__name__)

APPLIED = "concertations.applied"
TAKEN_IN = "concertations.taken_in"
NOT_TAKEN = "concertations.not_taken_in"
COMMITTED = "concertations.committed"
LEFT = "concertations.left_group"


def why_no_application(cycle: CommunityCycle) -> str:
    """Why nobody can apply now, in the reader's words; ``""`` when one can. No query."""
    now, opens, closes = timezone.now(), cycle.recruitment_opens_at, cycle.recruitment_closes_at
    if opens is None or closes is None:
        return str(_("This cycle does not look for members."))
    if now < opens:
        return str(_("One can apply from %(day)s on.") % {"day": spoken.plain_date(opens)})
    if now >= closes:
        return str(_("Applications closed on %(day)s.") % {"day": spoken.plain_date(closes)})
    return ""


@transaction.atomic
def apply(
    *,
    cycle: CommunityCycle,
    person: Person,
    motivation: str,
    expectations: str,
    wants_to_moderate: bool,
    by: User | None,
    network: str = "",
) -> Membership:
    """Ask to be a member. It holds no place: the team chooses. Locks the cycle, then the participant.

    Raises `RecruitmentClosed`, `AlreadyRegistered` (422), `CrowdedNetwork` (429), `CommunityError`,
    `NationalNumberFound`.
    """
    refuse_national_numbers(
        name=person.name,
        role=person.role,
        organisation=person.organisation,
        motivation=motivation,
        expectations=expectations,
    )
    cycle = locked_cycle(cycle.pk)
    if reason := why_no_application(cycle):
        raise RecruitmentClosed(reason)
    proven = by is not None and by.email.lower() == person.email.strip().lower()
    row = _membership(cycle, person, knows_person=proven)
    if row.pk and row.state != MembershipState.LEFT:
        raise AlreadyRegistered
    if not proven:
        _count_network(network)
    row.state, row.committed_at, row.decided_at, row.decided_by = MembershipState.APPLIED, None, None, None
    row.motivation, row.expectations, row.wants_to_moderate = motivation, expectations, wants_to_moderate
    check_row(row, refusal=CommunityError)
    row.save()
    _tell(APPLIED, row)
    logger.info("Membership %s was applied for", row.uuid)
    return row


@transaction.atomic
def take_in(*, membership: Membership, by: User) -> Membership:
    """The team takes somebody in, who is asked to commit. Again: no change. Raises `CycleFull`, `NotYours`."""
    cycle, row = _begin(membership, by)
    if row.state == MembershipState.ACCEPTED:
        return row
    _take(cycle, row, by)
    return row


@transaction.atomic
def add(*, cycle: CommunityCycle, person: Person, by: User) -> Membership:
    """The team takes in somebody who did not apply, e.g. a moderator. Raises as `take_in`, and `CommunityError`."""
    refuse_national_numbers(name=person.name, role=person.role, organisation=person.organisation)
    cycle = locked_cycle(cycle.pk)
    _refuse_stranger(cycle, by)
    if not person.email.strip():
        raise CommunityError(_("A member has an e-mail address: the link to the group goes there."), field="email")
    row = _membership(cycle, person, knows_person=True)
    if row.pk and row.state == MembershipState.ACCEPTED:
        raise AlreadyRegistered
    _take(cycle, row, by)
    return row


@transaction.atomic
def refuse(*, membership: Membership, by: User) -> Membership:
    """The team does not take somebody in this time, and says so by mail. Raises `MembershipStepRefused`."""
    _cycle, row = _begin(membership, by)
    _step(row, MembershipState.REFUSED, by)
    row.save()
    _tell(NOT_TAKEN, row)
    return row


@transaction.atomic
def set_moderator(*, membership: Membership, is_moderator: bool, by: User) -> Membership:
    """Two members lead the group; a third is refused. Raises `CommunityError`, `NotYours`."""
    cycle, row = _begin(membership, by)
    if not is_moderator:
        row.moderator_place = None
    elif row.moderator_place is None:
        if row.state != MembershipState.ACCEPTED:
            raise CommunityError(_("Take the person in first."))
        used = set(cycle.memberships.exclude(moderator_place=None).values_list("moderator_place", flat=True))
        free = [place for place in range(1, MODERATORS_AT_MOST + 1) if place not in used]
        if not free:
            raise CommunityError(_("The group has its two moderators. Release one of them first."))
        row.moderator_place = free[0]
    row.save()
    return row


@transaction.atomic
def commit(*, membership: Membership) -> Membership:
    """By the link in the mail: promise to come to the whole cycle; registered for each session to come.

    Again: no change. Raises `MembershipStepRefused` for who is not taken in. Locks the cycle, then the sessions.
    """
    cycle = locked_cycle(membership.cycle_id)
    row = _row(membership)
    if row.state != MembershipState.ACCEPTED:
        raise MembershipStepRefused(_("Only who was taken in can commit to the cycle."))
    if row.committed_at is None:
        row.committed_at = timezone.now()
        row.save()
        register_members(cycle)
        _tell(COMMITTED, row)
        logger.info("Membership %s was committed to", row.uuid)
    return row


@transaction.atomic
def leave(*, membership: Membership, by: User | None) -> Membership:
    """By the link, or by the team: out of the group, with all sessions to come. Again: no change."""
    cycle = locked_cycle(membership.cycle_id)
    if by is not None:
        _refuse_stranger(cycle, by)
    row = _row(membership)
    if row.state == MembershipState.LEFT:
        return row
    _go(cycle, row, by)
    _tell(LEFT, row)
    return row


def release(*, people: QuerySet[Participant]) -> None:
    """Let people who are being forgotten out of cycles that are not over, telling them nothing."""
    rows = Membership.objects.filter(participant__in=people, state=MembershipState.ACCEPTED)
    for cycle in CommunityCycle.objects.filter(memberships__in=rows).order_by("pk").distinct():
        locked = locked_cycle(cycle.pk)
        for row in rows.filter(cycle=locked).select_related("participant"):
            _go(locked, row, None)


@transaction.atomic
def register_members(cycle: CommunityCycle) -> int:
    """Who committed gets a place at each session to come that they are not registered for; returns how many.

    Who gave a session back is not registered for it again. The cycle is locked; locks the sessions.
    """
    committed = list(
        cycle.memberships.filter(state=MembershipState.ACCEPTED, committed_at__isnull=False).select_related(
            "participant"
        )
    )
    coming = Meeting.objects.filter(
        cycle_session__cycle=cycle, starts_at__gt=timezone.now(), state=MeetingState.ANNOUNCED
    )
    number = 0
    for meeting in places.locked_meetings(coming):
        known = set(meeting.registrations.values_list("participant_id", flat=True))
        rows = [
            Registration(meeting=meeting, participant=member.participant, confirmed_at=member.committed_at)
            for member in committed
            if member.participant_id not in known
        ]
        Registration.objects.bulk_create(rows)
        if rows:
            places.take(meeting, len(rows))
        number += len(rows)
    return number


def locked_cycle(cycle_id: int) -> CommunityCycle:
    """The cycle's row, locked and fresh, with series and basin."""
    found = CommunityCycle.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("series__basin").get(pk=cycle_id)


# --- Inside --------------------------------------------------------------------------------------


def _take(cycle: CommunityCycle, row: Membership, by: User) -> None:
    if cycle.places_left < 1:
        raise CycleFull(cycle.places)
    _step(row, MembershipState.ACCEPTED, by)
    row.committed_at = None
    check_row(row, refusal=CommunityError)
    row.save()
    CommunityCycle.objects.filter(pk=cycle.pk).update(places_taken=F("places_taken") + 1, modified=timezone.now())
    _tell(TAKEN_IN, row)


def _go(cycle: CommunityCycle, row: Membership, by: User | None) -> None:
    had_a_place = row.state == MembershipState.ACCEPTED
    _step(row, MembershipState.LEFT, by)
    row.moderator_place = None
    row.save()
    if not had_a_place:
        return
    CommunityCycle.objects.filter(pk=cycle.pk).update(places_taken=F("places_taken") - 1, modified=timezone.now())
    coming = Meeting.objects.filter(cycle_session__cycle=cycle, starts_at__gt=timezone.now())
    for meeting in places.locked_meetings(coming):
        rows = places.as_rows(places.open_registrations(meeting).filter(participant=row.participant), meeting)
        places.move(rows, RegistrationState.CANCELLED)


def _step(row: Membership, to: MembershipState, by: User | None) -> None:
    if row.pk and to not in MEMBERSHIP_TRANSITIONS[MembershipState(row.state)]:
        raise MembershipStepRefused(
            _("From “%(now)s” this step is not possible.") % {"now": MembershipState(row.state).label}
        )
    row.state, row.decided_at, row.decided_by = to, timezone.now(), by


def _membership(cycle: CommunityCycle, person: Person, *, knows_person: bool) -> Membership:
    """The person's row in the cycle, or a new one that is not stored; what is known of them stays unless proven."""
    participant, is_new = places.locked_participant(cycle.series, person.email, person.language)
    if is_new or knows_person:
        participant.name, participant.role, participant.sector = person.name, person.role, person.sector
        participant.organisation, participant.language = person.organisation, person.language
        check_row(participant, refusal=CommunityError)
        participant.save()
    known = Membership.objects.filter(cycle=cycle, participant=participant).first()
    row = known or Membership(cycle=cycle, participant=participant)
    row.cycle, row.participant = cycle, participant
    return row


def _begin(membership: Membership, by: User) -> tuple[CommunityCycle, Membership]:
    cycle = locked_cycle(membership.cycle_id)
    _refuse_stranger(cycle, by)
    row = _row(membership)
    row.cycle = cycle
    return cycle, row


def _row(membership: Membership) -> Membership:
    return Membership.objects.select_related("participant", "cycle__series__basin").get(pk=membership.pk)


def _refuse_stranger(cycle: CommunityCycle, by: User) -> None:
    if not access.may_manage_series(by, cycle.series):
        raise NotYours(access.NOT_YOURS)


def _count_network(network: str) -> None:
    limit = settings.ENV.unconfirmed_seats_per_hour
    if network and limit and count_this_hour("concertations:unconfirmed", network, 1) > limit:
        raise CrowdedNetwork


def _tell(kind: str, row: Membership) -> None:
    mail.post(
        kind,
        to=row.participant.email,
        language=row.participant.language,
        params={"membership": str(row.uuid)},
        key=f"{kind}:{row.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=scope_of(row.cycle.series),
    )
