"""The only writer of what search reads.

Each write of a record, or of something it shows, gives it the next number of the feed of changes; what
has a higher number than any entry was made of waits to be indexed. So no rule has to remember: the
directory's lock (`rules.log.lock`) has :func:`catch_up` called when its transaction is over, before the
page is answered. What an import leaves is taken by the clock, batch by batch.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import DateField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from core.bilingual import LANGUAGE_CODES
from directory.enums import ScheduleFrequency
from directory.models import Schedule, SearchEntry, SearchWord, Service, TaxonomyTerm
from directory.search.entries import Entry, entry_of, for_entries, spellings
from directory.search.places import places

logger = logging.getLogger(__name__)

LOCK_OF_INDEX = 0x696E6478  # "indx"
BATCH = 500
LONGEST_NAME = 2000  # bytes; PostgreSQL takes no longer words
AT_ONCE = 200  # records that a person waits for; more are an import's, and the clock's


def after_commit() -> None:
    """Have the records that this transaction changes indexed when it is over."""
    transaction.on_commit(_catch_up_a_little, robust=True)


def catch_up(at_most: int | None = None) -> int:
    """Index what has changed since, a batch per transaction. Returns how many records.

    One at a time: takes the index's lock. With more than ``at_most`` waiting nothing is done.
    """
    done = 0
    while True:
        with transaction.atomic():
            _lock()
            waiting = _waiting()
            # Counted no further than need be: an import leaves tens of thousands waiting.
            if at_most is not None and waiting[: at_most + 1].count() > at_most:
                return done
            keys = list(waiting.order_by("changed_seq").values_list("pk", flat=True)[:BATCH])
            _index(keys)
        done += len(keys)
        if len(keys) < BATCH:
            return done


def index_all() -> int:
    """Make all entries and words anew, a batch per transaction. Returns how many records."""
    with transaction.atomic():
        _lock()
        SearchWord.objects.all().delete()
        _learn(_spelled(TaxonomyTerm.objects.filter(is_active=True)))
    keys = list(Service.objects.order_by("changed_seq").values_list("pk", flat=True))
    for batch in _batches(keys):
        with transaction.atomic():
            _lock()
            _index(batch)
    return len(keys)


@transaction.atomic
def index_changed_by_time(today: dt.date) -> int:
    """Index records whose hours or quality are others on that day than on the day before; as the clock does each night.

    The words of terms can be proposed from then on. Takes the index's lock. Returns how many.
    """
    _lock()
    dated = _hours_of_dates(today)
    checked = Greatest("assured_on", "organization__assured_on")
    turns_old = ExpressionWrapper(checked + F("organization__confirm_every_days"), output_field=DateField())
    services = Service.objects.annotate(turns_old_on=turns_old).filter(
        Q(pk__in=dated.filter(service__isnull=False).values("service"))
        | Q(at_locations__in=dated.filter(service_at_location__isnull=False).values("service_at_location"))
        | Q(at_locations__location__in=dated.filter(location__isnull=False).values("location"))
        | Q(turns_old_on=today)
        | Q(search_entry__has_places_until=today)
        | Q(search_entry__isnull=True)
    )
    keys = sorted(set(services.values_list("pk", flat=True)))
    _index(keys)
    _learn(_spelled(TaxonomyTerm.objects.filter(is_active=True)))
    return len(keys)


def _hours_of_dates(today: dt.date) -> QuerySet[Schedule]:
    """Hours that may make the seven days from that day on another week than those from the day before on.

    What begins or ends about then, and what does not come every week. The hours of every week, public holidays
    or not, always make the same week (`search.openings`).
    """
    first, last = today - dt.timedelta(days=2), today + dt.timedelta(days=6)
    lasts = (Q(valid_from=None) | Q(valid_from__lte=last)) & (Q(valid_to=None) | Q(valid_to__gte=first))
    changes = Q(freq=ScheduleFrequency.MONTHLY) | (~Q(freq="") & (Q(interval__gt=1) | ~Q(bymonthday="")))
    return Schedule.objects.filter(
        Q(valid_from__range=(first, last)) | Q(valid_to__range=(first, last)) | (changes & lasts)
    )


def _catch_up_a_little() -> None:
    try:
        catch_up(AT_ONCE)
    except DatabaseError:
        # The change itself is stored; the clock takes up what waits.
        logger.exception("What was changed is not in the index yet")


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_OF_INDEX])


def _waiting() -> Any:
    highest = SearchEntry.objects.aggregate(highest=Max("indexed_seq"))["highest"] or 0
    return Service.objects.filter(changed_seq__gt=highest)


def _index(keys: Sequence[int]) -> None:
    today = timezone.localdate()
    known = places()
    for batch in _batches(keys):
        rows = for_entries(Service.objects.filter(pk__in=batch))
        entries = [entry_of(service, places=known, today=today) for service in rows]
        SearchEntry.objects.filter(pk__in=set(batch) - {entry.service for entry in entries}).delete()
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, [_values(entry) for entry in entries])
        _learn({word: written for entry in entries for word, written in entry.spellings.items()})


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "indexed_seq": entry.changed_seq,
        "visibility": entry.visibility,
        "own": entry.own_names,
        "organization": entry.organization_names,
        "fr": entry.words["fr"],
        "nl": entry.words["nl"],
        "unknown": entry.words[""],
        "marks": [*(f"#{number}" for number in entry.tags), *_whole_names(entry)],
        "titles": entry.titles,
        "tags": entry.tags,
        "open_week": entry.open_week,
        "latitude": entry.middle[0] if entry.middle else None,
        "longitude": entry.middle[1] if entry.middle else None,
        "quality": entry.quality,
        "fresh_on": entry.fresh_on,
        "has_places_until": entry.has_places_until,
    }


def _whole_names(entry: Entry) -> list[str]:
    """Each name as one word of the index, so that who types all of it is answered without reading other records."""
    names = (name for name in entry.titles.split("|") if name)
    return [f"|{name}" for name in names if len(name.encode()) <= LONGEST_NAME]


def _spelled(terms: Iterable[TaxonomyTerm]) -> dict[str, str]:
    texts = [
        text
        for term in terms
        for code in LANGUAGE_CODES
        for text in (getattr(term, f"name_{code}") or "", *getattr(term, f"synonyms_{code}"))
    ]
    return dict(spellings(texts))


def _learn(words: dict[str, str]) -> None:
    rows = [SearchWord(word=word, spelling=written) for word, written in sorted(words.items())]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


# Names are stemmed in both languages and kept as they are, too: nobody knows what language a name is.
WRITE = """
INSERT INTO directory_searchentry (
    service_id, visibility, words, names, titles, tags, open_week, latitude, longitude, quality, fresh_on,
    has_places_until, indexed_seq, revision
) VALUES (
    %(service)s, %(visibility)s,
    strip(
        to_tsvector('pg_catalog.french', %(fr)s) || to_tsvector('pg_catalog.dutch', %(nl)s)
        || to_tsvector('pg_catalog.french', %(unknown)s) || to_tsvector('pg_catalog.dutch', %(unknown)s)
        || to_tsvector('pg_catalog.simple', %(unknown)s) || array_to_tsvector(%(marks)s::text[])
    ),
    setweight(
        to_tsvector('pg_catalog.french', %(own)s) || to_tsvector('pg_catalog.dutch', %(own)s)
        || to_tsvector('pg_catalog.simple', %(own)s), 'A'
    ) || setweight(
        to_tsvector('pg_catalog.french', %(organization)s) || to_tsvector('pg_catalog.dutch', %(organization)s)
        || to_tsvector('pg_catalog.simple', %(organization)s), 'B'
    ),
    %(titles)s, %(tags)s, %(open_week)s, %(latitude)s, %(longitude)s, %(quality)s, %(fresh_on)s,
    %(has_places_until)s, %(indexed_seq)s, nextval('directory_index_seq')
) ON CONFLICT (service_id) DO UPDATE SET
    visibility = excluded.visibility, words = excluded.words, names = excluded.names, titles = excluded.titles,
    tags = excluded.tags, open_week = excluded.open_week, latitude = excluded.latitude,
    longitude = excluded.longitude, quality = excluded.quality, fresh_on = excluded.fresh_on,
    has_places_until = excluded.has_places_until, indexed_seq = excluded.indexed_seq,
    revision = excluded.revision
"""
