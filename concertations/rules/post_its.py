"""Post-its: written by a phone, typed by the team, put under a group, taken off, handed to the list of needs.

Everything takes the wall's row first (``rules.walls``).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import Need, User
from basins.rules.needs import translate_need
from basins.rules.privacy import refuse_national_numbers
from concertations.enums_tables import PostItKind, WallState
from concertations.errors import WallClosed, WallError
from concertations.models import Cluster, Phone, PostIt, Wall
from concertations.rules.checks import missing_texts
from concertations.rules.gathering import gather_need
from concertations.rules.walls import changed, kept, locked
from core.bilingual import both
from core.checks import check_row

logger = logging.getLogger(__name__)

POST_ITS_AT_MOST = 1000  # on one wall: nobody reads more, and nobody fills a disk
CLUSTERS_AT_MOST = 60


def phone_of(wall: Wall, digest: str) -> Phone:
    """The phone that holds a cookie, made where it is new; of a locked wall."""
    return Phone.objects.get_or_create(wall=wall, digest=digest)[0]


@transaction.atomic
def write(*, wall: Wall, digest: str, text: str, kind: PostItKind, language: str) -> PostIt:
    """A phone's next post-it. Raises ``WallClosed``, ``WallError`` for one too many, ``NationalNumberFound``."""
    wall = locked(wall)
    if wall.state != WallState.WRITING:
        raise WallClosed(_("The wall takes no post-its now."), field="text")
    phone = phone_of(wall, digest)
    used = set(phone.post_its.values_list("number", flat=True))
    free = [number for number in range(1, wall.post_its_each + 1) if number not in used]
    if not free:
        raise WallError(
            ngettext_lazy(
                "Each person has %(number)d post-it, and yours is on the wall.",
                "Each person has %(number)d post-its, and yours are on the wall.",
                wall.post_its_each,
            )
            % {"number": wall.post_its_each},
            field="text",
        )
    return _stick(wall, PostIt(text=text, kind=kind, language=language, phone=phone, number=free[0]))


@transaction.atomic
def take_back(*, wall: Wall, digest: str, number: int) -> None:
    """A phone takes its own post-it back and may write another. Raises ``WallClosed``."""
    wall = locked(wall)
    if wall.state != WallState.WRITING:
        raise WallClosed(_("The wall takes no post-its now."), field="text")
    mine = wall.post_its.filter(phone__digest=digest, number=number, hidden_at=None)
    if mine.delete()[0]:
        changed(wall)


@transaction.atomic
def type_in(
    *, wall: Wall, text: str, kind: PostItKind, language: str, by: User | None, cluster: Cluster | None = None
) -> PostIt:
    """The team types what somebody wrote on paper, also while it puts the wall in order.

    Raises ``WallClosed`` before the wall is open and once points are given, ``WallError``, ``NationalNumberFound``,
    ``NotYours``.
    """
    wall = kept(wall, by)
    if wall.state not in {WallState.WRITING, WallState.SORTING}:
        raise WallClosed(_("The wall takes no post-its now."), field="text")
    if cluster is not None and cluster.wall_id != wall.pk:
        raise WallError(_("There is no such group."), field="cluster")
    return _stick(wall, PostIt(text=text, kind=kind, language=language, typed_by=by, cluster=cluster))


@transaction.atomic
def hide(*, post_it: PostIt, hidden: bool, by: User | None) -> None:
    """Take a post-it off the wall, or put it back; its phone gets no other for it. Raises ``NotYours``."""
    wall = kept(post_it.wall, by)
    PostIt.objects.filter(pk=post_it.pk).update(
        hidden_at=timezone.now() if hidden else None, hidden_by=by if hidden else None, modified=timezone.now()
    )
    changed(wall)
    logger.info("Post-it %s: off the wall %s, by %s", post_it.uuid, hidden, by and by.uuid)


@transaction.atomic
def sort(*, wall: Wall, into: Mapping[UUID, UUID | None], by: User | None) -> int:
    """Put post-its under groups (``None``: under none); gives how many moved. What is not named stays.

    Raises ``WallClosed`` while or after points are given: they were given to groups as they were. ``NotYours``.
    """
    wall = _sortable(wall, by)
    clusters = {cluster.uuid: cluster for cluster in wall.clusters.all()}
    if unknown := {key for key in into.values() if key} - clusters.keys():
        raise WallError(_("There is no such group."), field=f"c-{next(iter(unknown))}")
    moved = 0
    for post_it in wall.post_its.filter(uuid__in=into).order_by("pk"):
        key = into[post_it.uuid]
        cluster = clusters[key] if key else None
        if post_it.cluster_id != (cluster.pk if cluster else None):
            post_it.cluster = cluster
            post_it.save(update_fields=["cluster", "modified"])
            moved += 1
    if moved:
        changed(wall)
    return moved


# --- Groups ----------------------------------------------------------------------------------------


@transaction.atomic
def add_cluster(*, wall: Wall, title_fr: str, title_nl: str, by: User | None) -> Cluster:
    """A group more, at the end. Raises ``WallClosed``, ``WallError``, ``NationalNumberFound``, ``NotYours``."""
    wall = _sortable(wall, by)
    positions = list(wall.clusters.values_list("position", flat=True))
    if len(positions) >= CLUSTERS_AT_MOST:
        raise WallError(_("There are many groups already."), field="title_fr")
    cluster = Cluster(wall=wall, position=max(positions, default=0) + 1)
    _name(cluster, title_fr, title_nl)
    changed(wall)
    return cluster


@transaction.atomic
def rename_cluster(*, cluster: Cluster, title_fr: str, title_nl: str, by: User | None) -> Cluster:
    """Another name for a group. Raises as :func:`add_cluster`."""
    wall = _sortable(cluster.wall, by)
    cluster = Cluster.objects.get(pk=cluster.pk)
    _name(cluster, title_fr, title_nl)
    changed(wall)
    return cluster


@transaction.atomic
def remove_cluster(*, cluster: Cluster, by: User | None) -> None:
    """The group goes, its post-its stay, under none; points it had go with it. Raises ``WallClosed``, ``NotYours``."""
    wall = _sortable(cluster.wall, by)
    cluster.delete()
    changed(wall)


# --- Needs -----------------------------------------------------------------------------------------


@transaction.atomic
def hand_over_needs(*, wall: Wall, by: User | None) -> int:
    """Put every need on the wall that is in no list yet into the basin's list; gives how many.

    The post-its of a group are mentions of one need, of the group's name, each in its own words; one under none is
    a need of its own. Handed over twice it counts once. Raises ``WallClosed`` while people still write, ``NotYours``,
    and what ``basins.rules.needs`` raises.
    """
    wall = kept(wall, by)
    if wall.state in {WallState.DRAFT, WallState.WRITING}:
        raise WallClosed(_("People still write: put the wall in order first."))
    rows = wall.post_its.select_related("cluster").filter(kind=PostItKind.NEED, need=None, hidden_at=None)
    of_group = _needs_of_groups(wall)
    number = 0
    for post_it in rows.order_by("pk"):
        post_it.need = gather_need(
            meeting=wall.meeting,
            source_key=f"note:{post_it.uuid}",
            title=_need_title(post_it),
            language=post_it.language,
            words=post_it.text,
            by=by,
            need=of_group.get(post_it.cluster_id),
        )
        post_it.save(update_fields=["need", "modified"])
        if post_it.cluster is not None and post_it.cluster_id not in of_group:
            of_group[post_it.cluster_id] = _in_both_languages(post_it.need, post_it.cluster)
        number += 1
    if number:
        changed(wall)
    logger.info("%d needs of wall %s went to the list, by %s", number, wall.uuid, by and by.uuid)
    return number


def _needs_of_groups(wall: Wall) -> dict[int | None, Need]:
    """The need that a group became when it was handed over before."""
    known = wall.post_its.filter(need__isnull=False, cluster__isnull=False).select_related("need").order_by("-pk")
    return {post_it.cluster_id: post_it.need for post_it in known if post_it.need is not None}


def _need_title(post_it: PostIt) -> str:
    """Of a group its name in the post-it's language, for the words are in that one."""
    return (both(post_it.cluster, "title")[post_it.language] if post_it.cluster else "") or post_it.text


def _in_both_languages(need: Need, cluster: Cluster) -> Need:
    """A new need has the group's name in one language: the other one stands there as well."""
    for language, title in both(cluster, "title").items():
        if title and not both(need, "title")[language]:
            need = translate_need(need=need, language=language, title=title, by=None)
    return need


def _sortable(wall: Wall, by: User | None) -> Wall:
    wall = kept(wall, by)
    if wall.state in {WallState.MARKING, WallState.SHOWN}:
        raise WallClosed(_("Points were given to these groups as they are. Go back a step to change them."))
    return wall


def _stick(wall: Wall, post_it: PostIt) -> PostIt:
    post_it.wall = wall
    post_it.text = " ".join(post_it.text.split())
    if not post_it.text:
        raise WallError(_("Write a few words first."), field="text")
    refuse_national_numbers(text=post_it.text)
    if wall.post_its.count() >= POST_ITS_AT_MOST:
        raise WallError(_("The wall is full."), field="text")
    check_row(post_it, refusal=WallError)
    post_it.save()
    changed(wall)
    return post_it


def _name(cluster: Cluster, title_fr: str, title_nl: str) -> None:
    refuse_national_numbers(title_fr=title_fr, title_nl=title_nl)
    for code, title in (("fr", title_fr), ("nl", title_nl)):
        setattr(cluster, f"title_{code}", " ".join(title.split()))
    if missing := missing_texts(cluster, "title"):
        raise WallError(missing, field="title_nl" if title_fr.strip() else "title_fr")
    check_row(cluster, refusal=WallError)
    cluster.save()
