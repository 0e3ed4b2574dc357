"""Minutes and actions on the pages that all missions share: what waits for the team, where a need was heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from basins.missions import Task
from basins.models import User
from basins.rights import Right
from concertations import queries, queries_minutes
from concertations.calendar import title_of
from concertations.enums import MeetingState
from concertations.enums_minutes import ActionState, MinutesState, StatementKind
from concertations.links import meeting_page, page, series_page
from concertations.models import Action, ConsultationStatement, Meeting, Series
from concertations.rules import gathering, importing_consultation
from core import spoken
from core.bilingual import text

MINUTES_DUE, MINUTES_STILL_WANTED = dt.timedelta(days=14), dt.timedelta(days=120)


def tasks(user: User) -> Iterable[Task]:
    """Minutes of the last months that are not sent, and actions whose day is over, by series. Two queries."""
    if not user.has_right_somewhere(Right.MANAGE_CONCERTATIONS):
        return
    now = timezone.now()
    kept = Series.objects.filter(queries.kept_by(user))
    held = Meeting.objects.filter(
        series__in=kept, state=MeetingState.HELD, ends_at__gte=now - MINUTES_STILL_WANTED, is_whole_day=False
    ).exclude(minutes__state__in=[MinutesState.SENT, MinutesState.APPROVED])
    for meeting in held.select_related("series__basin").order_by("ends_at"):
        words = {"name": title_of(meeting), "day": spoken.day_month(meeting.starts_at)}
        label = _("Send the minutes of %(name)s of %(day)s") % words
        yield Task(label, meeting_page(meeting, "staff_minutes"), meeting.ends_at + MINUTES_DUE)
    late = Action.objects.filter(
        section__minutes__meeting__series__in=kept, state=ActionState.OPEN, due_on__lt=timezone.localdate()
    ).exclude(section__minutes__state=MinutesState.DRAFT)
    rows = late.select_related("section__minutes__meeting__series__basin").order_by("due_on", "pk")
    series = {each.section.minutes.meeting.series_id: each.section.minutes.meeting.series for each in rows}
    for each in series.values():
        label = _("Actions of %(name)s are late") % {"name": text(each, "name")}
        yield Task(label, series_page(each, "staff_actions"))


def occasion_url(source_key: str) -> str:
    """Where the team reads what was said: the minutes, or the consultation's page; "" where nothing is left."""
    raised = gathering.raised_by_key(source_key)
    if raised is not None:
        return queries_minutes.staff_minutes_url(raised.section.minutes, f"s-{raised.section.uuid}")
    if not source_key.startswith(importing_consultation.OCCASION):
        return ""
    try:
        identifier = UUID(source_key.removeprefix(importing_consultation.OCCASION))
    except ValueError:
        return ""
    rows = ConsultationStatement.objects.select_related("part__consultation")
    said = rows.filter(uuid=identifier).exclude(kind=StatementKind.PARAGRAPH).first()
    if said is None:
        return ""
    part = said.part
    url = page("consultation_part", None, slug=part.consultation.slug, kind=part.kind, number=part.number)
    return f"{url}#s-{said.uuid}"
