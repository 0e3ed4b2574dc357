"""Series and meetings on the pages that all missions share: front page, calendar, figures, search, desks, tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from basins import search
from basins.missions import AgendaItem, Desk, Figure, HomeCard, Period, SearchHit, Task
from basins.models import Basin, User
from basins.rights import Right
from basins.territory import territory
from concertations import queries, staff_queries
from concertations.calendar import span_of, title_of, uid_of
from concertations.enums import MeetingState, Presence
from concertations.links import code_of, meeting_page, page, series_page
from concertations.models import Meeting, Registration
from concertations.rules.window import why_closed
from core import spoken
from core.bilingual import Text, both, current_language, text

# What people call meetings whose name they do not know.
KINDS = (gettext_noop("Concertations"), gettext_noop("Thematic concertation"))
LATEST = 600  # meetings that are searched: those of the last years
SOON, AGENDA_DUE = dt.timedelta(days=30), dt.timedelta(days=14)


def home_card(basin: Basin | None) -> HomeCard:
    """What the front page says, with the next date where there is one."""
    sentence = _("Professionals meet around a theme, say what is missing, and decide what comes next.")
    coming = queries.coming(basin.code if basin else None).first()
    title = _("Meet around a theme")
    if coming is None:
        url = page("index", basin.code if basin else None)
        return HomeCard(title, sentence, url, _("See the concertations"), "meeting")
    words = {"name": title_of(coming), "day": spoken.day_month(coming.starts_at)}
    return HomeCard(title, sentence, meeting_page(coming), _("%(name)s, %(day)s") % words, "meeting")


def of_basin(basin: Basin | None) -> Q:
    """A basin's meetings and the Region's own, which are for everybody; ``None``: all there are."""
    return Q() if basin is None else Q(series__basin=basin) | Q(series__basin=None)


def agenda(basin: Basin | None, period: Period) -> Iterable[AgendaItem]:
    """Announced, held and called off; one query."""
    found = queries.public_meetings().filter(
        of_basin(basin), starts_at__date__lte=period.end, ends_at__date__gte=period.start
    )
    for meeting in found:
        yield agenda_item(meeting)


def agenda_item(meeting: Meeting) -> AgendaItem:
    """A meeting as an entry of the common calendar."""
    starts, ends = span_of(meeting)
    opens_now = not why_closed(meeting)
    return AgendaItem(
        uid=uid_of(meeting),
        title=_titled(meeting),
        starts=starts,
        ends=ends,
        url=meeting_page(meeting),
        kind=meeting.series.get_kind_display(),
        basin_code=code_of(meeting.series),
        place=meeting.address,
        action=_("Register") if opens_now else "",
        cancelled=meeting.state == MeetingState.CANCELLED,
    )


def _titled(meeting: Meeting) -> Text:
    """The series with its number, and what the meeting is about where that is said in the same language."""
    name, subject = title_of(meeting), text(meeting, "title")
    if not subject or subject.language != name.language:
        return name
    return Text(f"{name} · {subject}", name.language, name.is_fallback)


def figures(basin: Basin | None, period: Period) -> Iterable[Figure]:
    """Meetings held in the period, and who took part: as noted here, else as the heads were counted."""
    held = Meeting.objects.filter(
        state=MeetingState.HELD, starts_at__date__gte=period.start, starts_at__date__lte=period.end
    )
    if basin is not None:
        held = held.filter(series__basin=basin)
    noted = Registration.objects.filter(meeting__in=held, presence=Presence.PRESENT)
    uncounted = held.exclude(pk__in=noted.values("meeting"))
    counted = uncounted.aggregate(number=Sum("participants_counted", default=0))["number"]
    yield Figure("concertations.held", _("Meetings held"), held.count())
    yield Figure("concertations.present", _("Attendances at meetings"), noted.count() + int(counted))


def hits(words: str, basin: Basin | None) -> Iterable[SearchHit]:
    """Series by name, theme and kind; meetings by subject."""
    code = basin.code if basin else None
    kinds = [name for kind in KINDS for name in search.in_both(kind)]
    if found := search.score(words, kinds):
        yield from _page_hits(basin, found)
    shown = queries.series_for(AnonymousUser())
    for series in shown.filter(Q(basin=basin) | Q(basin=None)) if basin else shown:
        names = [name for name in both(series, "name").values() if name]
        themes = [name for name in both(series.theme, "name").values() if name] if series.theme else []
        if found := search.score(words, (*names, *themes), both(series, "intro").values()):
            yield SearchHit(
                kind=series.get_kind_display(),
                title=text(series, "name"),
                url=series_page(series),
                excerpt=search.excerpt(text(series, "intro").value),
                score=found,
                basin_code=code_of(series) or code,
                is_over=series.is_over,
            )
    today = timezone.now()
    latest = queries.public_meetings().filter(of_basin(basin)).order_by("-starts_at", "-pk")[:LATEST]
    for meeting in latest:
        titles = [title for title in both(meeting, "title").values() if title]
        if titles and (found := search.score(words, titles, both(meeting, "intro").values())):
            yield SearchHit(
                kind=_("Meeting"),
                title=text(meeting, "title"),
                url=meeting_page(meeting),
                excerpt=f"{title_of(meeting)} · {spoken.plain_date(meeting.starts_at)}",
                score=found,
                basin_code=code_of(meeting.series) or code,
                is_over=meeting.ends_at < today,
            )


def _page_hits(basin: Basin | None, score: float) -> Iterable[SearchHit]:
    """The page of all series: the basin's, on the Region's site that of each basin."""
    for facts in territory().basins:
        if basin is None or facts.code == basin.code:
            yield SearchHit(
                kind=_("Page"),
                title=Text(_("Concertations"), current_language(), is_fallback=False),
                url=page("index", facts.code),
                excerpt=_("All concertations of the %(basin)s basin") % {"basin": facts.name},
                score=score,
                basin_code=facts.code,
            )


def desks(user: User) -> Iterable[Desk]:
    """Where a person keeps meetings: each basin, and the Region."""
    kept = user.basins_with(Right.MANAGE_CONCERTATIONS)
    for basin in Basin.objects.filter(code__in=kept):
        label = _("Concertations of %(basin)s") % {"basin": text(basin, "name")}
        yield Desk(label, page("staff_index", basin.code))
    if user.has_right(Right.MANAGE_CONCERTATIONS, None):
        yield Desk(_("Concertations of the Region"), page("staff_index", None))


def tasks(user: User) -> Iterable[Task]:
    """Drafts that begin within the month, and announced meetings whose agenda is empty two weeks before."""
    if not user.has_right_somewhere(Right.MANAGE_CONCERTATIONS):
        return
    now = timezone.now()
    near = staff_queries.near(user, now, now + SOON)
    for meeting in near:
        words = {"name": title_of(meeting), "day": spoken.day_month(meeting.starts_at)}
        if meeting.state == MeetingState.DRAFT:
            label = _("Announce %(name)s of %(day)s, or move it") % words
            yield Task(label, meeting_page(meeting, "staff_meeting"), meeting.starts_at - AGENDA_DUE)
        elif not meeting.item_count and meeting.starts_at <= now + AGENDA_DUE:  # type: ignore[attr-defined]  # annotated
            label = _("Write the agenda of %(name)s of %(day)s") % words
            yield Task(label, meeting_page(meeting, "staff_agenda"), meeting.starts_at)
