"""Who may do what around concertations: one sentence, one function.

What somebody may see is not asked here but fetched: ``queries.meetings_for``, and for the team
``staff_queries.series_kept_by``.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from basins.access import holds
from basins.models import User
from basins.rights import Right
from concertations.enums import DocumentAudience, MeetingState, RegistrationState
from concertations.models import Document, Meeting, Registration, Series


def keeps_series(user: User | AnonymousUser, basin: str | None) -> bool:
    """Staff of a basin keep its series; those of the Region are kept by who has the right there (``None``)."""
    return holds(user, Right.MANAGE_CONCERTATIONS, basin)


def may_manage_series(user: User | AnonymousUser, series: Series) -> bool:
    """Who keeps the series of a basin keeps its meetings, agendas, registrations and minutes."""
    return keeps_series(user, series.basin.code if series.basin else None)


def audiences_of(user: User | AnonymousUser, meeting: Meeting) -> frozenset[DocumentAudience]:
    """Whose papers of a meeting somebody may open: everybody's, the participants' who takes part, the team's."""
    if may_manage_series(user, meeting.series):
        return frozenset(DocumentAudience)
    if takes_part(user, meeting.series, meeting):
        return frozenset({DocumentAudience.PUBLIC, DocumentAudience.PARTICIPANTS})
    return frozenset({DocumentAudience.PUBLIC})


def takes_part(user: User | AnonymousUser, series: Series, meeting: Meeting | None) -> bool:
    """Who holds a place at the meeting; of the papers of a series, at one of its meetings."""
    if not isinstance(user, User):
        return False
    mine = Registration.objects.filter(
        participant__series=series, participant__email=user.email, state=RegistrationState.CONFIRMED
    )
    return mine.filter(meeting=meeting).exists() if meeting else mine.exists()


def may_open(user: User | AnonymousUser, document: Document) -> bool:
    """A paper is for everybody, for who takes part, or for the team; a draft's papers are the team's."""
    if may_manage_series(user, document.series):
        return True
    meeting = document.meeting
    if document.series.is_closed_group or (meeting and meeting.state == MeetingState.DRAFT):
        return False
    if document.audience == DocumentAudience.PARTICIPANTS:
        return takes_part(user, document.series, meeting)
    return document.audience == DocumentAudience.PUBLIC
