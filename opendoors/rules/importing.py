"""Importing a programme: compare a file with what is stored, say what would happen, or do all of it.

A visit is recognised by its host's folded name and its beginning, so a file that was imported
changes nothing when it comes again. What the file does not mention stays: an import never deletes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from basins.models import User
from basins.rules.privacy import NationalNumberFound
from core import spoken
from core.checks import field_label
from opendoors.enums import EditionState, VisitState
from opendoors.errors import HostingError
from opendoors.models import Edition, Host, Place, Visit
from opendoors.rules import hosting
from opendoors.rules.checks import outside_days, refuse_odd_time, refuse_stranger
from opendoors.rules.line import waiting_seats
from opendoors.rules.programme_data import HostData, Opening, PlaceData, VisitData
from opendoors.rules.programme_file import Line, Problems, ProgrammeFile, read_programme

HOST_FIELDS = (
    *("name_language", "description_fr", "description_nl", "welcome_fr", "welcome_nl", "sector"),
    *("contact_name", "contact_email", "contact_phone", "contact_language"),
)
ADDRESS_FIELDS = ("street_fr", "street_nl", "postcode", "municipality")
CHANGES_LISTED = 200

# Folded host name, and what the file says of the address (nothing: any place of the host will do).
PlaceKey = tuple[str, tuple[tuple[str, Any], ...]]


class ImportRefused(HostingError):
    """The file has problems: nothing was written. ``report`` names them."""

    code = "import-refused"
    title = gettext_lazy("Nothing was imported")

    def __init__(self, report: Report) -> None:
        super().__init__(gettext_lazy("The file has problems: nothing was imported."), field="file")
        self.report = report


class WaitingWouldEnd(HostingError):
    """Seats are cut below what groups in line wait for, and nobody said that this may be: nothing was written."""

    code = "waiting-would-end"
    title = gettext_lazy("Nothing was imported")

    def __init__(self, report: Report) -> None:
        super().__init__(
            ngettext(
                "%(number)d place in line would end, with a letter. Say that it may.",
                "%(number)d places in line would end, each with a letter. Say that they may.",
                report.waiting_ended,
            )
            % {"number": report.waiting_ended},
            field="end_waiting",
        )
        self.report = report


@dataclass(slots=True)
class Report:
    """What an import would do, or did. Counts are of hosts and visits; ``waiting_ended``: of places in line."""

    separator: str = ","
    lines: int = 0
    hosts_new: int = 0
    hosts_changed: int = 0
    visits_new: int = 0
    visits_changed: int = 0
    visits_left: int = 0
    visits_called_off: int = 0
    not_in_file: int = 0
    seats_assumed: int = 0
    waiting_ended: int = 0
    changes: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    problems_total: int = 0
    problems_left_out: int = 0
    applied: bool = False

    @property
    def changes_something(self) -> bool:
        return bool(self.hosts_new or self.hosts_changed or self.visits_new or self.visits_changed)


@dataclass(slots=True)
class _Plan:
    """What is to be written, once the report is free of problems."""

    new_hosts: dict[str, HostData] = field(default_factory=dict)
    host_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    new_places: dict[PlaceKey, PlaceData] = field(default_factory=dict)
    place_changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    new_visits: list[tuple[str, Place | PlaceKey, VisitData]] = field(default_factory=list)
    visit_changes: list[tuple[Visit, Place | PlaceKey, VisitData]] = field(default_factory=list)


def examine(*, edition: Edition, content: bytes, seats: int | None = None) -> Report:
    """The dry run: what an import of this file would do. Writes nothing.

    ``seats``: for visits whose line says none; without it, such lines are problems.
    """
    return _Comparison(edition, read_programme(content), seats).report


@transaction.atomic
def apply(
    *, edition: Edition, content: bytes, by: User | None, seats: int | None = None, may_end_waiting: bool = False
) -> Report:
    """Import a programme: all of it, or (``ImportRefused``, ``WaitingWouldEnd``, ``NotYours``) nothing.

    Compares again under the edition's lock: between the dry run and this call others may have
    changed the programme. A file that brings nothing new leaves everything untouched. Where seats are cut
    below what a group in line waits for, that ends its waiting, with a letter; ``may_end_waiting`` says that it may.
    """
    refuse_stranger(edition, by)
    edition = Edition.objects.select_for_update(of=("self",), no_key=True).select_related("basin").get(pk=edition.pk)
    comparison = _Comparison(edition, read_programme(content), seats)
    report, plan = comparison.report, comparison.plan
    if report.problems_total:
        raise ImportRefused(report)
    if report.waiting_ended and not may_end_waiting:
        raise WaitingWouldEnd(report)
    if report.changes_something:
        try:
            _write(edition, plan, comparison.stored, by=by, may_end_waiting=may_end_waiting)
        except (HostingError, NationalNumberFound) as error:
            if error.field == "end_waiting":  # somebody joined while we compared: the file is held against that line
                raise WaitingWouldEnd(_Comparison(edition, read_programme(content), seats).report) from error
            # The comparison let something pass that a rule refuses: still a report, and still nothing written.
            report.problems, report.problems_total = [str(error.message)], 1
            raise ImportRefused(report) from error
    report.applied = True
    return report


class _Stored:
    """The programme as it is: hosts by folded name, their places, visits by host and beginning."""

    def __init__(self, edition: Edition) -> None:
        self.hosts: dict[str, Host] = {host.search_name: host for host in edition.hosts.all()}
        self.places: dict[str, list[Place]] = {}
        places = Place.objects.filter(host__edition=edition).select_related("host__edition__basin", "municipality")
        for place in places.order_by("pk"):
            self.places.setdefault(place.host.search_name, []).append(place)
        self.waiting = waiting_seats(edition)
        self.visits: dict[tuple[str, datetime], Visit] = {
            (visit.host.search_name, visit.starts_at): visit
            for visit in edition.visits.select_related("host", "place__municipality")
        }

    def place_at(self, key: PlaceKey, *, before_others: Place | None = None) -> Place | None:
        """The host's place that the file means, if there is one; ``before_others`` where several would do."""
        search_name, said = key
        places = [*([before_others] if before_others else []), *self.places.get(search_name, [])]
        return next((place for place in places if all((getattr(place, n) or "") == value for n, value in said)), None)


class _Comparison:
    """One file held against one edition: a report to read and a plan to carry out."""

    def __init__(self, edition: Edition, file: ProgrammeFile, seats: int | None) -> None:
        self.edition = edition
        self.seats = seats
        self.stored = _Stored(edition)
        self.plan = _Plan()
        self.problems: Problems = file.problems
        self.report = Report(separator=file.separator, lines=file.read, ignored=file.ignored)
        self._said_of_host: dict[tuple[str, str], tuple[Any, int]] = {}
        if edition.state == EditionState.EVALUATED:
            self.problems.add(0, "", _("This edition is evaluated: its programme stays as it was."))
        mentioned = set()
        for line in file.lines:
            mentioned.add((line.search_name, line.starts_at))
            self._compare(line)
        self.report.not_in_file = sum(1 for key in self.stored.visits if key not in mentioned)
        self.report.hosts_new = len(self.plan.new_hosts)
        self.report.hosts_changed = len(self.plan.host_changes)
        self.report.problems = self.problems.in_words()
        self.report.problems_total = self.problems.total
        self.report.problems_left_out = self.problems.total - len(self.problems.listed)

    def _compare(self, line: Line) -> None:
        if problem := outside_days(self.edition, line.starts_at, line.ends_at):
            self.problems.add(line.number, "date", problem)
            return
        try:
            refuse_odd_time(line.starts_at, line.ends_at)
        except HostingError as refused:
            self.problems.add(line.number, "end" if refused.field == "ends_at" else "start", str(refused.message))
            return
        visit = self.stored.visits.get((line.search_name, line.starts_at))
        if visit is not None and visit.state == VisitState.CANCELLED:
            self.report.visits_called_off += 1
            return
        self._compare_host(line)
        if visit is None:
            self._plan_new(line)
        else:
            self._plan_change(line, visit)

    def _compare_host(self, line: Line) -> None:
        said = {name: line.said[name] for name in HOST_FIELDS if name in line.said}
        for name, value in list(said.items()):
            first, number = self._said_of_host.setdefault((line.search_name, name), (value, line.number))
            if first != value:
                message = _("Line %(number)d says something else about the same host.")
                self.problems.add(line.number, name, message % {"number": number})
                del said[name]
        host = self.stored.hosts.get(line.search_name)
        if host is None:
            known = self.plan.new_hosts.setdefault(line.search_name, HostData(name=line.host))
            self.plan.new_hosts[line.search_name] = replace(known, **said)
            return
        planned = self.plan.host_changes.get(line.search_name, {})
        new = {name: text for name, text in said.items() if (getattr(host, name) or "") != text and name not in planned}
        if new:
            self.plan.host_changes[line.search_name] = planned | new
            self._change(line, ", ".join(field_label(Host, name) for name in new))

    def _place(self, line: Line, visit: Visit | None = None) -> Place | PlaceKey:
        """The place the line means; planned as a new one where the host has none at that address."""
        said = tuple((name, line.said[name]) for name in ADDRESS_FIELDS if name in line.said)
        key: PlaceKey = (line.search_name, said)
        wheelchair = {"wheelchair": line.said["wheelchair"]} if "wheelchair" in line.said else {}
        stored = self.stored.place_at(key, before_others=visit.place if visit else None)
        if stored is None:
            if not said:  # the place an earlier line planned for this host
                key = next((planned for planned in self.plan.new_places if planned[0] == line.search_name), key)
            known = self.plan.new_places.get(key, PlaceData(**dict(said)))
            self.plan.new_places[key] = replace(known, **wheelchair)
            return key
        if wheelchair and stored.wheelchair != wheelchair["wheelchair"] and stored.pk not in self.plan.place_changes:
            self.plan.place_changes[stored.pk] = wheelchair
            self.plan.host_changes.setdefault(line.search_name, {})
            self._change(line, field_label(Place, "wheelchair"))
        return stored

    def _plan_new(self, line: Line) -> None:
        seats = line.said.get("seats", self.seats)
        if seats is None:
            self.problems.add(line.number, "seats", _("This line says no number of seats."))
            return
        self.report.visits_new += 1
        self.report.seats_assumed += "seats" not in line.said
        data = VisitData(
            starts_at=line.starts_at, ends_at=line.ends_at, seats=seats, languages=line.said.get("languages", ())
        )
        self.plan.new_visits.append((line.search_name, self._place(line), data))

    def _plan_change(self, line: Line, visit: Visit) -> None:
        seats = line.said.get("seats", visit.seats)
        languages = line.said.get("languages", tuple(visit.languages))
        try:
            hosting.refuse_fewer_seats(visit, seats)
        except HostingError as refused:
            self.problems.add(line.number, "seats", str(refused.message))
            return
        place = self._place(line, visit)
        what = []
        if seats != visit.seats:
            what.append(f"{_('seats')} {visit.seats} → {seats}")
            if seats < visit.seats:
                self.report.waiting_ended += sum(number > seats for number in self.stored.waiting.get(visit.pk, ()))
        if line.ends_at != visit.ends_at:
            what.append(f"{_('ends')} {spoken.hour(visit.ends_at)} → {spoken.hour(line.ends_at)}")
        if languages != tuple(visit.languages):
            what.append(f"{_('languages')} {' '.join(visit.languages)} → {' '.join(languages)}")
        if place != visit.place:
            what.append(_("place"))
        if not what:
            self.report.visits_left += 1
            return
        self.report.visits_changed += 1
        self._change(line, ", ".join(what))
        data = VisitData(starts_at=line.starts_at, ends_at=line.ends_at, seats=seats, languages=languages)
        self.plan.visit_changes.append((visit, place, data))

    def _change(self, line: Line, what: str) -> None:
        if len(self.report.changes) < CHANGES_LISTED:
            self.report.changes.append(
                _("Line %(number)d, %(host)s, %(when)s: %(what)s")
                % {"number": line.number, "host": line.host, "when": spoken.moment(line.starts_at), "what": what}
            )


def _write(edition: Edition, plan: _Plan, stored: _Stored, *, by: User | None, may_end_waiting: bool) -> None:
    """Carry the plan out through the rules of hosting; the edition's row is locked, now the visits' rows are."""
    hosting.lock_visits(visit for visit, _place, _data in plan.visit_changes)
    hosts = stored.hosts | hosting.add_hosts(edition=edition, data=plan.new_hosts.values(), by=by)
    for search_name, host_changes in plan.host_changes.items():
        if host_changes:
            host = hosts[search_name]
            hosting.edit_host(host=host, data=_host_data(host, host_changes), by=by)
    new_places = [(hosts[search_name], data) for (search_name, _said), data in plan.new_places.items()]
    added = dict(zip(plan.new_places, hosting.add_places(edition=edition, data=new_places, by=by), strict=True))
    for place in (place for places in stored.places.values() for place in places):
        if place_changes := plan.place_changes.get(place.pk):
            hosting.edit_place(place=place, data=_place_data(place, place_changes), by=by)

    def at(place: Place | PlaceKey) -> Place:
        return place if isinstance(place, Place) else added[place]

    openings = [Opening(host=hosts[name], place=at(place), data=data) for name, place, data in plan.new_visits]
    hosting.add_visits(edition=edition, openings=openings, by=by)
    changes = [(visit, at(place), data) for visit, place, data in plan.visit_changes]
    _change_visits(changes, by=by, may_end_waiting=may_end_waiting)


def _change_visits(
    changes: Sequence[tuple[Visit, Place, VisitData]], *, by: User | None, may_end_waiting: bool
) -> None:
    for visit, place, data in changes:
        hosting.edit_visit(visit=visit, place=place, data=data, by=by, may_end_waiting=may_end_waiting)
    for left in {visit.place for visit, place, _data in changes if place != visit.place}:
        # An address that was corrected leaves no empty place behind.
        if not left.visits.exists():
            hosting.remove_place(place=left, by=by)


def _host_data(host: Host, changed: dict[str, Any]) -> HostData:
    values = {name: getattr(host, name) or "" for name in HostData.__dataclass_fields__}
    return HostData(**values | changed)


def _place_data(place: Place, changed: dict[str, Any]) -> PlaceData:
    values = {name: getattr(place, name) for name in PlaceData.__dataclass_fields__}
    return PlaceData(**values | changed)
