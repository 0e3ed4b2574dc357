"""What the common pages read: the registry's agenda and search, news, and whether the phone is answered."""

from __future__ import annotations

import datetime as dt
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils import timezone

from basins.missions import AgendaItem, Desk, HomeCard, MySection, Period, SearchHit, Task, missions
from basins.models import Basin, NewsItem, User
from core.calendar import is_public_holiday
from core.spoken import BRUSSELS

HELPDESK_OPENS, HELPDESK_CLOSES = dt.time(9), dt.time(17)
LONGEST_LIST = 100  # of search results: who needs the hundred and first asks a better question


# --- The registry --------------------------------------------------------------------------------


def agenda(basin: Basin | None, period: Period) -> list[AgendaItem]:
    """Everything with a date that touches ``period``, of all missions, in order of time."""
    items = chain.from_iterable(mission.agenda(basin, period) for mission in missions())
    return sorted(items, key=lambda item: (_start(item), item.title.value))


def _start(item: AgendaItem) -> dt.datetime:
    """When an item begins; a whole day begins at its midnight in Brussels."""
    if isinstance(item.starts, dt.datetime):
        return item.starts
    return dt.datetime.combine(item.starts, dt.time.min, tzinfo=BRUSSELS)


def next_dates(basin: Basin | None, *, limit: int = 5, days: int = 180) -> list[AgendaItem]:
    """What comes first from today on, and is not cancelled."""
    today = timezone.localdate()
    coming = agenda(basin, Period(today, today + dt.timedelta(days=days)))
    return [item for item in coming if not item.cancelled][:limit]


def home_cards(basin: Basin | None) -> list[HomeCard]:
    """What each mission says of itself on the front page."""
    return [card for mission in missions() for card in mission.home_cards(basin)]


def search(words: str, basin: Basin | None) -> list[SearchHit]:
    """What all missions find for ``words``, the best first, what is over last; in a basin (None: in all)."""
    if not words:
        return []
    hits = chain.from_iterable(mission.search(words, basin) for mission in missions())
    return sorted(hits, key=lambda hit: (hit.is_over, -hit.score, hit.title.value))[:LONGEST_LIST]


def tasks_for(user: User) -> list[Task]:
    """What waits for a person: what is due first, then what has no date."""
    tasks = [task for mission in missions() for task in mission.tasks_for(user)]
    never = timezone.now() + dt.timedelta(days=36500)
    return sorted(tasks, key=lambda task: task.due or never)


def desks_of(user: User) -> list[Desk]:
    """Where a person works, mission by mission; nothing for who is not staff."""
    return [desk for mission in missions() for desk in mission.desks(user)] if user.is_staff else []


def sections_of(user: User) -> list[MySection]:
    """What each mission keeps of somebody's own."""
    return [section for mission in missions() for section in mission.mine(user)]


# --- News ----------------------------------------------------------------------------------------


def published_news(basin: Basin | None) -> QuerySet[NewsItem]:
    """What may be read now, the latest first: a basin's own and the Region's, or (None) everybody's."""
    news = NewsItem.objects.filter(published_at__lte=timezone.now()).select_related("basin")
    if basin is not None:
        news = news.filter(Q(basin=basin) | Q(basin=None))
    return news.order_by("-published_at", "-pk")


# --- The helpdesk's hours ------------------------------------------------------------------------


def helpdesk_is_open(now: dt.datetime | None = None) -> bool:
    """Monday to Friday, 9 to 17 in Brussels, public holidays excepted."""
    local = (now or timezone.now()).astimezone(BRUSSELS)
    if local.weekday() >= 5 or not HELPDESK_OPENS <= local.time() < HELPDESK_CLOSES:
        return False
    return not is_public_holiday(local.date())
