"""What is read of minutes and actions, limited to what the reader may see, and the links that open them by mail."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from concertations import queries
from concertations.enums import PUBLIC_STATES, RegistrationState, SeriesKind
from concertations.enums_minutes import ActionState, MinutesState
from concertations.links import meeting_page, series_page
from concertations.models import Action, Meeting, Minutes, MinutesSection, Registration, Series
from core import signing

MINUTES_LINK = "concertations.minutes"  # carries a registration
ACTION_LINK = "concertations.action"
SECTION_PARTS = ("points", "actions", "needs__need", "news__news")


def minutes_for(user: queries.Reader) -> QuerySet[Minutes]:
    """Approved minutes of open series, for everybody; for the team all of its own."""
    public = Q(state=MinutesState.APPROVED, meeting__state__in=PUBLIC_STATES)
    public &= ~Q(meeting__series__kind=SeriesKind.COMMUNITY)
    mine = Q(meeting__series__in=Series.objects.filter(queries.kept_by(user)))
    return Minutes.objects.filter(public | mine).select_related(
        "meeting__series__basin", "meeting__series__theme", "meeting__municipality", "approved_in__series"
    )


def published(series: Series | None = None) -> QuerySet[Minutes]:
    """What everybody may read, the latest meeting first; of one series, or of all."""
    found = minutes_for(AnonymousUser()).order_by("-meeting__starts_at")
    return found if series is None else found.filter(meeting__series=series)


def sections_of(minutes: Minutes) -> QuerySet[MinutesSection]:
    """The headings in their order with all that stands under them. Seven queries, however many there are."""
    return minutes.sections.prefetch_related(*SECTION_PARTS)


def published_of(meeting: Meeting) -> Minutes | None:
    """The published minutes of a meeting, if there are."""
    return published().filter(meeting=meeting).first()


# --- Links in mails ------------------------------------------------------------------------------


def minutes_url(registration: Registration) -> str:
    """Where somebody who was registered reads the minutes, also before they are approved."""
    return reverse("concertations_region:minutes_sent", args=[signing.make_token(MINUTES_LINK, registration.uuid)])


def minutes_by_link(token: str) -> Minutes:
    """The minutes that were sent with this link. Raises ``BadToken``, also while they are a draft again."""
    uuid = signing.read_uuid(MINUTES_LINK, token)
    registration = Registration.objects.filter(uuid=uuid, state=RegistrationState.CONFIRMED).first()
    found = registration and Minutes.objects.filter(meeting=registration.meeting_id).exclude(state=MinutesState.DRAFT)
    minutes = found.select_related("meeting__series__basin", "approved_in__series").first() if found else None
    if minutes is None:
        raise signing.BadToken
    return minutes


def action_link(action: Action) -> str:
    """Where the owner says what became of an action."""
    return reverse("concertations_region:action", args=[signing.make_token(ACTION_LINK, action.uuid)])


def action_by_link(token: str) -> Action:
    """The action of an owner's link. Raises ``BadToken``, also once the owner was taken off it."""
    uuid = signing.read_uuid(ACTION_LINK, token)
    rows = Action.objects.exclude(owner_email="").exclude(section__minutes__state=MinutesState.DRAFT)
    action = rows.filter(uuid=uuid).select_related("section__minutes__meeting__series__basin").first()
    if action is None:
        raise signing.BadToken
    return action


# --- Actions of a series --------------------------------------------------------------------------


def actions_of(series: Series, state: ActionState | None = None) -> QuerySet[Action]:
    """What was agreed in a series, what is open and due first on top; of one state, or all of it."""
    rows = Action.objects.filter(section__minutes__meeting__series=series)
    if state is not None:
        rows = rows.filter(state=state)
    # PostgreSQL puts what is still open, without a moment, before the last one that was closed.
    return rows.select_related("section__minutes__meeting__series__basin").order_by("-closed_at", "due_on", "pk")


def actions_counted(series: Series) -> dict[str, int]:
    """How many there are of each state, and ``"overdue"``: of the open ones, those whose day is over. One query."""
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in ActionState}
    late = Count("pk", filter=Q(state=ActionState.OPEN, due_on__lt=timezone.localdate()))
    return Action.objects.filter(section__minutes__meeting__series=series).aggregate(**counts, overdue=late)


def staff_minutes_url(minutes: Minutes, fragment: str = "") -> str:
    """The team's page of the minutes."""
    return meeting_page(minutes.meeting, "staff_minutes") + (f"#{fragment}" if fragment else "")


def staff_actions_url(series: Series) -> str:
    """The team's list of what was agreed in a series."""
    return series_page(series, "staff_actions")
