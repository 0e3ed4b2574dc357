"""Needs: heard, merged, moved on. The one way by which any mission raises a need.

All three take the same lock first, one per basin (an advisory lock of PostgreSQL, kept until the end
of the transaction): two occasions that mention the same new need at once must not make two needs of
it, and there is no row yet that could be locked instead.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins import access
from basins.enums import NEED_TRANSITIONS, NeedState
from basins.models import Basin, Need, NeedMention, NeedStep, User
from basins.rules.log import actor
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from core.bilingual import both
from core.errors import RuleError
from core.text import fold

logger = logging.getLogger(__name__)

LOCK_OF_NEEDS = 0x6E656564  # "need": the first of the two numbers of the advisory lock
OPEN_STATES = frozenset({NeedState.HEARD, NeedState.PROPOSED, NeedState.PLANNED})
NEEDS_AN_OUTCOME = frozenset({NeedState.ANSWERED, NeedState.CLOSED})


class NeedWithoutTitle(RuleError):
    """A need is known by its title."""

    code = "need-without-title"
    status = 422


class ImpossibleMerge(RuleError):
    """Needs of several basins, or a need into itself."""

    code = "impossible-merge"


class ImpossibleStep(RuleError):
    """A state does not follow from the present one."""

    code = "impossible-step"


class OutcomeMissing(RuleError):
    """What is answered or closed says what became of it."""

    code = "outcome-missing"
    status = 422


@transaction.atomic
def raise_need(
    *,
    source: str,
    source_key: str,
    basin: Basin | None,
    title: str,
    language: str,
    words: str,
    heard_on: dt.date,
    by: User | None = None,
    raised_by_email: str = "",
    source_label: str = "",
    audience: str = "",
    weight: int = 1,
    theme: str = "",
    need: Need | None = None,
) -> Need:
    """Note that a need was heard; returns the need, new or known.

    ``source`` is the mission's name, ``source_key`` what it calls the occasion: asked again for the
    same occasion, person and title this changes nothing and returns the same need. A need of the
    basin that is still open and has the same title in that language (accents and capitals apart)
    gets a further mention; ``need`` names one where a person chose it. ``words`` is what was said,
    ``weight`` how many people said it, ``by`` the colleague who notes it (None: a program).

    Raises :class:`NeedWithoutTitle`, ``NationalNumberFound``, ``ValidationError``. Takes the
    basin's lock of needs.
    """
    title = " ".join(title.split())
    if not title and need is None:
        raise NeedWithoutTitle(_("Say in a few words what is missing."), field="title")
    refuse_national_numbers(title=title, words=words, audience=audience)
    email = raised_by_email.strip().lower()
    _lock_needs_of(basin)
    found = (
        _merged_into(need)
        if need is not None
        else _heard_on((source, source_key, email), basin, title, language) or _like_it(basin, title, language)
    )
    if found is None:
        found = Need(basin=basin, theme=theme)
        setattr(found, f"title_{language}", title)
        found.full_clean(exclude=["title"])
        found.save()
        logger.info("need %s was heard for the first time (%s %s)", found.uuid, source, source_key)
    mention = NeedMention(
        need=found,
        source=source,
        source_key=source_key,
        source_label=source_label,
        heard_on=heard_on,
        words=words.strip(),
        language=language,
        audience=audience,
        weight=weight,
        raised_by_email=email,
    )
    if not found.mentions.filter(source=source, source_key=source_key, raised_by_email=email).exists():
        mention.full_clean()
        mention.save()
        found.save(update_fields=["modified"])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One of many needs that come in at once: what :func:`raise_need` takes of it, the title in every language it has.

    ``language`` is the one in which it was said.
    """

    source_key: str
    titles: Mapping[str, str]
    language: str
    words: str
    heard_on: dt.date
    source_label: str = ""
    theme: str = ""


@transaction.atomic
def raise_many(*, source: str, basin: Basin | None, heard: Sequence[Heard]) -> list[Need]:
    """What :func:`raise_need` does, for an import of hundreds: a handful of queries however many there are.

    Returns the need of each, in order. Occasions name no person. A need that has no title in the other language gets
    the one that comes with it. Raises :class:`NeedWithoutTitle`, ``NationalNumberFound``, ``ValidationError``. Takes
    the basin's lock of needs.
    """
    _lock_needs_of(basin)
    keys = [each.source_key for each in heard]
    mentions = NeedMention.objects.filter(source=source, source_key__in=keys, raised_by_email="", need__basin=basin)
    known = {each.source_key: _merged_into(each.need) for each in mentions.select_related("need__merged_into")}
    alike = _open_by_title(basin)
    found, new, completed, said = [], [], [], []
    for each in heard:
        titles = {language: " ".join(title.split()) for language, title in each.titles.items() if title.strip()}
        title = titles.get(each.language, "")
        if not title:
            raise NeedWithoutTitle(_("Say in a few words what is missing."), field="title")
        refuse_national_numbers(title=title, words=each.words)
        need = known.get(each.source_key) or alike.get((each.language, fold(title)))
        if need is None:
            need = Need(basin=basin, theme=each.theme)
            new.append(need)
            alike[each.language, fold(title)] = need
        missing = [language for language in titles if not getattr(need, f"title_{language}")]
        for language in missing:
            setattr(need, f"title_{language}", titles[language])
        if missing and need.pk:
            completed.append(need)
        if each.source_key not in known:
            known[each.source_key] = need
            said.append((need, each))
        found.append(need)
    for need in new:
        need.full_clean(exclude=["title", "basin"], validate_unique=False, validate_constraints=False)
    Need.objects.bulk_create(new)
    Need.objects.bulk_update(completed, ["title_fr", "title_nl"])
    rows = [_mention(need, source, each) for need, each in said]
    NeedMention.objects.bulk_create(rows)
    Need.objects.filter(pk__in={need.pk for need, _each in said}).update(modified=timezone.now())
    logger.info("%d needs were heard (%s), %d of them for the first time", len(said), source, len(new))
    return found


def _open_by_title(basin: Basin | None) -> dict[tuple[str, str], Need]:
    """The open needs of a basin by language and folded title; the one a need was merged into, where it was."""
    alike: dict[tuple[str, str], Need] = {}
    for row in Need.objects.filter(basin=basin).select_related("merged_into").order_by("pk"):
        if _merged_into(row).state in OPEN_STATES:
            for language, title in both(row, "title").items():
                alike.setdefault((language, fold(title)), _merged_into(row))
    return alike


def _mention(need: Need, source: str, heard: Heard) -> NeedMention:
    mention = NeedMention(
        need=need,
        source=source,
        source_key=heard.source_key,
        source_label=heard.source_label,
        heard_on=heard.heard_on,
        words=heard.words.strip(),
        language=heard.language,
    )
    mention.full_clean(exclude=["need"], validate_unique=False, validate_constraints=False)
    return mention


@transaction.atomic
def merge_needs(*, needs: Iterable[Need], into: Need, by: User) -> Need:
    """Make one need of several that say the same: ``into`` gets their mentions, they point to it.

    An occasion counts once, so where two of them were mentioned by the same person on the same
    occasion one mention stays. Raises ``NotYours``, :class:`ImpossibleMerge`. Takes the basin's lock
    of needs, then the rows in the order of their keys.
    """
    _lock_needs_of(into.basin)
    keys = {each.pk for each in needs}
    locked = {
        each.pk: each
        for each in Need.objects.select_for_update(of=("self",)).filter(pk__in={*keys, into.pk}).order_by("pk")
    }
    into = locked[into.pk]
    if into.pk in keys or into.merged_into_id is not None:
        raise ImpossibleMerge(_("A need cannot be merged into itself, nor into one that is merged already."))
    for each in locked.values():
        _refuse_strangers(each, by)
        if each.basin_id != into.basin_id:
            raise ImpossibleMerge(_("Only needs of the same basin can be merged."))
    for key in sorted(keys):
        _merge(locked[key], into, by)
    into.save(update_fields=["modified"])
    return into


@transaction.atomic
def move_need(*, need: Need, to: NeedState, by: User, outcome_fr: str = "", outcome_nl: str = "") -> Need:
    """Move a need one step on; one log row says who, when, from where to where.

    What is answered or closed needs the outcome in one language at least: it is the answer to those
    who raised it. Raises ``NotYours``, :class:`ImpossibleStep`, :class:`OutcomeMissing`. Takes the
    basin's lock of needs, then the row.
    """
    _lock_needs_of(need.basin)
    need = Need.objects.select_for_update(of=("self",)).select_related("basin").get(pk=need.pk)
    _refuse_strangers(need, by)
    if need.merged_into_id is not None or to not in NEED_TRANSITIONS[NeedState(need.state)]:
        raise ImpossibleStep(
            _("A need that is “%(now)s” cannot become “%(next)s”.")
            % {"now": NeedState(need.state).label, "next": to.label},
            field="state",
        )
    if outcome_fr.strip() or outcome_nl.strip():
        for language, outcome in (("fr", outcome_fr), ("nl", outcome_nl)):
            setattr(need, f"outcome_{language}", outcome.strip())
    if to in NEEDS_AN_OUTCOME and not any(both(need, "outcome").values()):
        raise OutcomeMissing(_("Say what became of it: those who raised it read that."), field="outcome_fr")
    _step(need, to, by)
    return need


@transaction.atomic
def translate_need(*, need: Need, language: str, title: str, by: User | None, description: str = "") -> Need:
    """Write a need's title (and description) in a language. Locks the row. Raises ``NotYours``."""
    need = Need.objects.select_for_update(of=("self",)).select_related("basin").get(pk=need.pk)
    if by is not None:
        _refuse_strangers(need, by)
    refuse_national_numbers(title=title, description=description)
    setattr(need, f"title_{language}", " ".join(title.split()))
    if description:
        setattr(need, f"description_{language}", description.strip())
    need.full_clean(exclude=["title"])
    need.save()
    return need


def _lock_needs_of(basin: Basin | None) -> None:
    code = basin.code if basin else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_OF_NEEDS, crc32(code.encode()) >> 1])


def _merged_into(need: Need) -> Need:
    """Where a need went by merging; merging keeps the way one step long."""
    return need.merged_into or need


def _heard_on(occasion: tuple[str, str, str], basin: Basin | None, title: str, language: str) -> Need | None:
    """The need that this very call made or mentioned before, whatever became of it since."""
    source, source_key, email = occasion
    mentions = NeedMention.objects.filter(source=source, source_key=source_key, raised_by_email=email)
    known = Need.objects.filter(basin=basin, pk__in=mentions.values("need"))
    merged = Need.objects.filter(basin=basin, merged_into__in=known)
    return next((_merged_into(each) for each in known.union(merged) if _same(each, title, language)), None)


def _like_it(basin: Basin | None, title: str, language: str) -> Need | None:
    """An open need of the basin with that title; the one it was merged into, where it was."""
    titles = Need.objects.filter(basin=basin).order_by("pk").values_list("pk", f"title_{language}")
    wanted = fold(title)
    keys = [key for key, its in titles if fold(its or "") == wanted]
    if not keys:
        return None
    alike = (
        _merged_into(each) for each in Need.objects.filter(pk__in=keys).select_related("merged_into").order_by("pk")
    )
    return next((each for each in alike if each.state in OPEN_STATES), None)


def _same(need: Need, title: str, language: str) -> bool:
    return fold(getattr(need, f"title_{language}") or "") == fold(title)


def _merge(need: Need, into: Need, by: User) -> None:
    occasions = set(into.mentions.values_list("source", "source_key", "raised_by_email"))
    for mention in need.mentions.order_by("pk"):
        occasion = (mention.source, mention.source_key, mention.raised_by_email)
        if occasion in occasions:
            mention.delete()
            continue
        occasions.add(occasion)
        mention.need = into
        mention.save(update_fields=["need", "modified"])
    for earlier in need.merged.order_by("pk"):
        earlier.merged_into = into
        earlier.save(update_fields=["merged_into", "modified"])
    need.merged_into = into
    need.save(update_fields=["merged_into", "modified"])
    if need.state in OPEN_STATES:
        _step(need, NeedState.CLOSED, by)


def _step(need: Need, to: NeedState, by: User) -> None:
    NeedStep.objects.create(need=need, from_state=need.state, to_state=to, by=by)
    need.state = to
    need.save(update_fields=["state", "outcome_fr", "outcome_nl", "modified"])
    logger.info("%s moved need %s to %s", actor(by), need.uuid, to)


def _refuse_strangers(need: Need, by: User) -> None:
    if not access.may_manage_need(by, need):
        raise NotYours(_("You cannot change this need."))
