"""What a team wants to seat people for: kind, size, rounds, subjects. Drawing it: ``rules.seating``.

A change to what decides the seats takes them away: what hangs on the wall would no longer be what was drawn.
Order of locks: the seating's row alone; the meeting's is never taken below it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums_tables import WITH_SUBJECTS, SeatingKind
from concertations.errors import SeatingError
from concertations.models import Meeting, Seating, Subject
from concertations.rules.checks import missing_texts, refuse_numbers, refuse_stranger
from core.checks import check_row

logger = logging.getLogger(__name__)

SEATINGS_AT_MOST = 20
WORKSHOPS_AT_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectData:
    """A subject of a group, or a workshop with its seats in each round."""

    title_fr: str
    title_nl: str
    who: str = ""
    seats: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatingData:
    """``table_size`` counts at tables, ``rounds`` for workshops and pairs; ``minutes`` is how long a round lasts."""

    title_fr: str
    title_nl: str
    kind: SeatingKind = SeatingKind.MIXED
    table_size: int = 4
    rounds: int = 1
    minutes: int | None = None
    subjects: tuple[SubjectData, ...] = ()


def locked(seating: Seating) -> Seating:
    """The row, locked and fresh, with the way to its basin."""
    rows = Seating.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("meeting__series__basin").get(pk=seating.pk)


@transaction.atomic
def plan(*, meeting: Meeting, data: SeatingData, by: User | None) -> Seating:
    """A new seating, not drawn yet. Raises ``SeatingError``, ``NationalNumberFound``, ``NotYours``."""
    refuse_stranger(meeting.series, by)
    if meeting.seatings.count() >= SEATINGS_AT_MOST:
        raise SeatingError(_("There are many seatings already. Remove one first."))
    seating = Seating(meeting=meeting)
    _write(seating, data)
    logger.info("Seating %s was planned by %s", seating.uuid, by and by.uuid)
    return seating


@transaction.atomic
def edit(*, seating: Seating, data: SeatingData, by: User | None) -> Seating:
    """Rewrite it; the seats go where they would no longer be those that were drawn. Raises as :func:`plan`."""
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    before = _decides(seating)
    _write(seating, data)
    if before != _decides(seating):
        clear(seating)
    logger.info("Seating %s was edited by %s", seating.uuid, by and by.uuid)
    return seating


@transaction.atomic
def remove(*, seating: Seating, by: User | None) -> None:
    """Take a seating away, with its seats. Raises ``NotYours``."""
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    logger.info("Seating %s was removed by %s", seating.uuid, by and by.uuid)
    seating.delete()


@transaction.atomic
def let_choose(*, seating: Seating, is_open: bool, by: User | None) -> Seating:
    """People may, or may no longer, choose their workshops by the code. Raises ``SeatingError``, ``NotYours``."""
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    if is_open and seating.kind != SeatingKind.ROUNDS:
        raise SeatingError(_("Only workshops are chosen."))
    if is_open and seating.is_drawn:
        raise SeatingError(_("The seats are drawn already. Take them back first."))
    seating.choices_open = is_open
    seating.save(update_fields=["choices_open", "modified"])
    return seating


def clear(seating: Seating) -> None:
    """No seats any more; of a locked seating."""
    seating.seats.all().delete()
    seating.drawn_at = seating.drawn_by = None
    seating.account = {}
    seating.save()


def _write(seating: Seating, data: SeatingData) -> None:
    refuse_numbers(data)
    _refuse_odd(data)
    for name in ("title_fr", "title_nl", "kind", "table_size", "minutes"):
        setattr(seating, name, getattr(data, name))
    seating.rounds = {SeatingKind.MIXED: 1, SeatingKind.SWAP: 2}.get(SeatingKind(data.kind), data.rounds)
    if seating.kind != SeatingKind.ROUNDS:
        seating.choices_open = False
    if missing := missing_texts(seating, "title"):
        raise SeatingError(missing, field="title_nl" if data.title_fr else "title_fr")
    check_row(seating, refusal=SeatingError)
    seating.save()
    _write_subjects(seating, data.subjects if data.kind in WITH_SUBJECTS else ())


def _write_subjects(seating: Seating, subjects: tuple[SubjectData, ...]) -> None:
    """By position, so that a choice stays with its workshop when that is renamed."""
    known = {subject.position: subject for subject in seating.subjects.all()}
    for position, data in enumerate(subjects, start=1):
        refuse_numbers(data)
        subject = known.pop(position, None) or Subject(seating=seating, position=position)
        for name in ("title_fr", "title_nl", "who", "seats"):
            setattr(subject, name, getattr(data, name))
        if missing := missing_texts(subject, "title"):
            raise SeatingError(missing, field=f"subject_{position}_title_{'nl' if data.title_fr else 'fr'}")
        check_row(subject, refusal=SeatingError)
        subject.save()
    seating.subjects.filter(pk__in=[subject.pk for subject in known.values()]).delete()


def _refuse_odd(data: SeatingData) -> None:
    if data.kind == SeatingKind.SWAP and len(data.subjects) != 2:
        raise SeatingError(_("Two groups that swap need two subjects."), field="subject_2_title_fr")
    if data.kind == SeatingKind.ROUNDS:
        if not data.rounds <= len(data.subjects) <= WORKSHOPS_AT_MOST or len(data.subjects) < 2:
            raise SeatingError(
                _("Everybody goes to another workshop in each round: name at least as many workshops as rounds."),
                field="rounds",
            )
        for position, subject in enumerate(data.subjects, start=1):
            if not subject.seats:
                raise SeatingError(_("Say how many seats this workshop has."), field=f"subject_{position}_seats")


def _decides(seating: Seating) -> tuple[object, ...]:
    seats = tuple(seating.subjects.order_by("position").values_list("seats", flat=True))
    return seating.kind, seating.table_size, seating.rounds, seats
