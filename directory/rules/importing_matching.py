"""Which of our records the rows are that no one has imported yet: certain, proposed, or new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from basins.models import User
from directory.documents import Document, is_empty
from directory.enums import DoubleVerdict, Origin
from directory.importing.incoming import Incoming
from directory.importing.report import Proposal, Report
from directory.models import LikelyDouble, Location, Organization, Service, Source, SourceRecord
from directory.rules.importing_doubles import Doubles, Likeness, verdicts
from directory.rules.writing import Hand, compare

PARTS_REMEMBERED = 2000


class Shared:
    """What all batches of one import share."""

    def __init__(self, source: Source, by: User | None, report: Report, *, moment: dt.datetime, writes: bool) -> None:
        self.source = source
        self.by = by
        self.report = report
        self.moment = moment
        self.writes = writes
        self.hand = Hand(by=by, origin=Origin.SOURCE, source=source)
        self.doubles = Doubles(source)
        self.new_owners: set[str] = set()  # of a dry run: nobody stored them
        self._sound: dict[str, None] = {}  # what was found to be storable lately

    def check_parts(self, row: Incoming) -> None:
        """Raise ``RuleError`` for an organisation or a place that cannot be stored, whoever speaks for it.

        Otherwise a row would come in or not according to which rows came before it.
        """
        parts: list[tuple[str, type[Organization | Location], Document]] = [
            (row.owner_fingerprint, Organization, row.organization),
            *((repr(sorted(place.items())), Location, place) for place in row.places),
        ]
        for key, model, document in parts:
            if key not in self._sound:
                compare(model(), {name: value for name, value in document.items() if not is_empty(value)}, self.hand)
                self._sound[key] = None
                if len(self._sound) > PARTS_REMEMBERED:
                    del self._sound[next(iter(self._sound))]

    @property
    def said(self) -> dict[str, Any]:
        """How the rules are told who writes."""
        hand = self.hand
        return {"by": self.by, "origin": hand.origin, "source": self.source, "references": hand.references}


@dataclass(slots=True)
class Plan:
    """What becomes of each row."""

    new: list[Incoming] = field(default_factory=list)
    changed: list[Incoming] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)  # row → service that it is
    owner_links: dict[str, int] = field(default_factory=dict)  # owner → organisation that it is


class Matching:
    """Sorts unknown rows into a plan; what is not certain is proposed, and waits."""

    def __init__(self, shared: Shared, owners: Mapping[str, SourceRecord], plan: Plan) -> None:
        self.shared = shared
        self.source = shared.source
        self.report = shared.report
        self.owners = owners
        self.plan = plan
        self.waiting: dict[str, list[Likeness]] = {}
        self.decided: dict[str, list[LikelyDouble]] = {}

    def sort(self, rows: list[Incoming]) -> None:
        """New, or the same as something that stands here?"""
        plan = self.plan
        if self.shared.doubles.is_empty:
            plan.new += rows
            return
        self.decided = verdicts(self.source, {each for row in rows for each in (row.identifier, row.owner)})
        for row in rows:
            owner, proposed = self._match_owner(row)
            if proposed:
                self._propose(row, row.owner, proposed, Organization)
                continue
            same, proposed = self._match_service(row, owner)
            if same is not None:
                plan.links[row.identifier] = same
                plan.changed.append(row)
            elif proposed:
                self._propose(row, row.identifier, proposed, Service)
            else:
                plan.new.append(row)

    def _match_owner(self, row: Incoming) -> tuple[int | None, list[Likeness]]:
        """The organisation where it is known, or those it may be."""
        known = self.owners.get(row.owner)
        if known is not None:
            return known.organization_id, []
        if row.owner in self.plan.owner_links:
            return self.plan.owner_links[row.owner], []
        if row.owner in self.waiting:
            return None, self.waiting[row.owner]
        settled = [each for each in self.decided.get(row.owner, ()) if each.organization_id]
        same = next((each.organization_id for each in settled if each.verdict == DoubleVerdict.SAME), None)
        found = same if same is not None else self.shared.doubles.certain_organization(row)
        if found is not None:
            self.plan.owner_links[row.owner] = found
            return found, []
        denied = {each.organization_id for each in settled if each.verdict == DoubleVerdict.DIFFERENT}
        like = [each for each in self.shared.doubles.organizations_like(row) if each.pk not in denied]
        self.waiting[row.owner] = like
        return None, like

    def _match_service(self, row: Incoming, owner: int | None) -> tuple[int | None, list[Likeness]]:
        settled = [each for each in self.decided.get(row.identifier, ()) if each.service_id]
        same = next((each.service_id for each in settled if each.verdict == DoubleVerdict.SAME), None)
        if same is not None:
            return same, []
        denied = {each.service_id for each in settled if each.verdict == DoubleVerdict.DIFFERENT}
        return None, [each for each in self.shared.doubles.services_like(row, owner) if each.pk not in denied]

    def _propose(
        self, row: Incoming, identifier: str, likely: list[Likeness], model: type[Organization | Service]
    ) -> None:
        names = {each.pk: str(each) for each in model._default_manager.filter(pk__in=[each.pk for each in likely])}
        candidates = tuple(names[each.pk] for each in likely if each.pk in names)
        self.report.propose(Proposal(row.line, row.label, candidates))
        if not self.shared.writes:
            return
        key = "organization_id" if model is Organization else "service_id"
        LikelyDouble.objects.bulk_create(
            [
                LikelyDouble(
                    source=self.source,
                    identifier=identifier,
                    label=row.label[:300],
                    likeness=each.percent,
                    reasons=sorted(each.reasons),
                    **{key: each.pk},
                )
                for each in likely
            ],
            ignore_conflicts=True,
        )
