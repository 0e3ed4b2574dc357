"""What is read of registrations: by the link in a mail, by the team, by a partner's key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from concertations.enums import DocumentAudience, MeetingState, Presence, RegistrationState
from concertations.links import code_of, meeting_page, page
from concertations.models import Document, Meeting, Membership, Participant, Registration, Series
from core import signing

if TYPE_CHECKING:
    from basins.models import PartnerKey

MINE_LINK = "concertations.mine"
REGISTRATION_LINK = "concertations.registration"
DOOR_LINK = "concertations.door"
LINK_LIVES = dt.timedelta(days=730)

OPEN_STATES = (RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.WAITING)


def with_meeting(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With all that pages and letters say of them."""
    return rows.select_related(
        "participant", "meeting__series__basin", "meeting__municipality", "meeting__series__theme"
    )


@dataclass(frozen=True)
class Holding:
    """What a signed link opens: one registration, or (by a link that reached the mailbox) all of a person's in it.

    The link a browser gets right after registering proves nothing about the address, so it opens that one alone.
    """

    token: str
    participant: Participant
    from_mailbox: bool
    rows: Sequence[Registration]

    @property
    def series(self) -> Series:
        return self.participant.series

    @cached_property
    def open(self) -> list[Registration]:
        """Places held, on offer or waited for at meetings that are not over, the next one first."""
        now = timezone.now()
        coming = [row for row in self.rows if row.state in OPEN_STATES and row.meeting.ends_at > now]
        return sorted(coming, key=lambda row: (row.meeting.starts_at, row.pk))

    @cached_property
    def held(self) -> list[Registration]:
        """Of these what waits for the address to be confirmed."""
        return [row for row in self.open if row.is_held]

    @cached_property
    def attended(self) -> list[Registration]:
        """Meetings where the person was noted as present, in order of time."""
        return sorted(
            (row for row in self.rows if row.presence == Presence.PRESENT), key=lambda row: row.meeting.starts_at
        )

    @cached_property
    def memberships(self) -> list[Membership]:
        """Cycles of the community the person is or was part of; by the link in the mail alone."""
        if not self.from_mailbox or not self.series.is_closed_group:
            return []
        return list(
            Membership.objects.filter(participant=self.participant)
            .select_related("cycle__series__basin", "participant")
            .order_by("-cycle__first_day")
        )

    def row(self, reference: str) -> Registration | None:
        """The registration of this reference, if the link opens it."""
        return next((row for row in self.rows if row.reference == reference.upper()), None)


def holding(token: str, basin: str | None) -> Holding:
    """What a token opens on a basin's pages. Raises ``BadToken``, ``StaleToken``."""
    try:
        participant = _participant(signing.read_uuid(MINE_LINK, token, LINK_LIVES))
        rows, from_mailbox = Registration.objects.filter(participant=participant), True
    except signing.BadToken:
        row = Registration.objects.filter(uuid=signing.read_uuid(REGISTRATION_LINK, token, LINK_LIVES))
        found = row.select_related("participant__series__basin").first()
        if found is None:
            raise
        participant, rows, from_mailbox = found.participant, row, False
    if code_of(participant.series) != basin:
        raise signing.BadToken
    return Holding(token, participant, from_mailbox, list(with_meeting(rows).order_by("meeting__starts_at", "pk")))


def _participant(identifier: UUID) -> Participant:
    row = Participant.objects.select_related("series__basin").filter(uuid=identifier).first()
    if row is None:
        raise signing.StaleToken
    return row


def mine_token(participant: Participant) -> str:
    """For mails alone: whoever holds it reads the mailbox."""
    return signing.make_token(MINE_LINK, participant.uuid)


def registration_token(registration: Registration) -> str:
    """For the browser that registered: it opens that registration and proves nothing."""
    return signing.make_token(REGISTRATION_LINK, registration.uuid)


def mine_url(participant: Participant, name: str = "mine", **kwargs: str) -> str:
    """A page of the link in the mail, for mails and for who is signed in with the address."""
    return page(name, code_of(participant.series), token=mine_token(participant), **kwargs)


def public_page(meeting: Meeting) -> str:
    """The page of a meeting; "" in a closed group, whose members read theirs by the link in the mail."""
    return "" if meeting.series.is_closed_group else meeting_page(meeting)


def door_url(meeting: Meeting) -> str:
    """The page behind the code on the door, in the active language."""
    return page("here", code_of(meeting.series), token=signing.make_token(DOOR_LINK, meeting.uuid))


def meeting_of_door(token: str, basin: str | None) -> Meeting:
    """The meeting of a code on the door. Raises ``BadToken``, ``StaleToken``."""
    meetings = Meeting.objects.select_related("series__basin", "municipality")
    row = meetings.filter(uuid=signing.read_uuid(DOOR_LINK, token, LINK_LIVES)).first()
    if row is None or code_of(row.series) != basin:
        raise signing.BadToken
    return row


def registrations_of(meeting: Meeting) -> QuerySet[Registration]:
    """All of a meeting's, given back ones included, in order of name."""
    rows = Registration.objects.filter(meeting=meeting).select_related("participant", "key")
    return rows.order_by("participant__name", "pk")


def registrations_of_key(key: PartnerKey) -> QuerySet[Registration]:
    """What a partner registered with this key, newest first."""
    return with_meeting(Registration.objects.filter(key=key)).order_by("-created", "-pk")


def registrations_of_address(email: str) -> QuerySet[Registration]:
    """All of an address, over all series, in order of time."""
    rows = with_meeting(Registration.objects.filter(participant__email=email.strip().lower()))
    return rows.order_by("meeting__starts_at", "pk")


def papers_for(holding: Holding) -> list[Document]:
    """Papers that a participant may open: those of the series, and of the meetings they are or were confirmed for.

    In a closed group: whoever was taken into one of its cycles. By the link in the mail alone.
    """
    if not holding.from_mailbox:
        return []
    mine = [row.meeting_id for row in holding.rows if row.state == RegistrationState.CONFIRMED and not row.is_held]
    if not mine and not any(row.committed_at for row in holding.memberships):
        return []
    papers = Document.objects.filter(series=holding.series).exclude(audience=DocumentAudience.TEAM)
    papers = papers.filter(Q(meeting=None) | Q(meeting__in=mine)).select_related("meeting")
    return list(papers.order_by("meeting__starts_at", "created"))


def coming_meetings(series: Series) -> QuerySet[Meeting]:
    """What is announced and not over, the next one first."""
    return series.meetings.filter(state=MeetingState.ANNOUNCED, ends_at__gt=timezone.now()).order_by("starts_at", "pk")


def time_of(rows: Sequence[Registration]) -> dt.timedelta:
    """How long somebody was there in all: meetings whose hours are not known count nothing."""
    lengths = (row.meeting.ends_at - row.meeting.starts_at for row in rows if not row.meeting.is_whole_day)
    return sum(lengths, dt.timedelta())


def with_registrations(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """People with their registrations, for the roster."""
    rows = Registration.objects.order_by("pk")
    return participants.prefetch_related(Prefetch("registrations", queryset=rows, to_attr="rows"))
