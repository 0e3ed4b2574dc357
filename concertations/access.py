"""Who may do what around concertations: one sentence, one function.

What somebody may see is not asked here but fetched: ``queries.meetings_for``, and for the team
``staff_queries.series_kept_by``.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from basins.access import holds
from basins.models import PartnerKey, User
from basins.rights import Right
from concertations.enums import DocumentAudience, MeetingState, RegistrationState
from concertations.models import Document, Meeting, Registration, Series

SCOPE_REGISTER = "concertations:register"
SCOPE_PRESENCE = "concertations:presence"
NOT_YOURS = _("You cannot change the concertations of this basin.")
NOT_YOUR_BASIN = _("Your key was not given for the basin of this meeting.")


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


def may_register_for_others(key: PartnerKey, series: Series) -> bool:
    """A partner's key registers people, and reads whom it registered, in the basins it was given for."""
    return SCOPE_REGISTER in key.scopes and _given_for(key, series)


def may_note_presence(key: PartnerKey, series: Series) -> bool:
    """A partner's key with the scope reads who comes, and notes who came, in the basins it was given for."""
    return SCOPE_PRESENCE in key.scopes and _given_for(key, series)


def _given_for(key: PartnerKey, series: Series) -> bool:
    return series.basin is not None and series.basin.code in {basin.code for basin in key.basins.all()}
