"""A few hundred rows of a list at once: held against what is known of them, then compared or written.

Used by `rules.importing` alone, which holds the transaction and the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from django.db import transaction

from core.errors import RuleError
from directory import queries
from directory.documents import Document, is_empty
from directory.importing.incoming import Incoming
from directory.importing.report import Change, Difference, shown
from directory.models import Location, Organization, Service, SourceRecord
from directory.rules import records
from directory.rules.importing_matching import Matching, Plan, Shared
from directory.rules.importing_places import Places
from directory.rules.writing import Comparison, Draft, compare


class Batch:
    """Rows in the order of their identifiers, with what the source's records say of them."""

    def __init__(self, shared: Shared, rows: Iterable[Incoming]) -> None:
        self.shared = shared
        self.source = shared.source
        self.report = shared.report
        self.created: set[str] = set()
        self.rows = sorted(rows, key=lambda row: row.identifier)
        known = SourceRecord.objects.filter(source=self.source)
        identifiers = [row.identifier for row in self.rows]
        self.services = {row.identifier: row for row in known.filter(service__isnull=False, identifier__in=identifiers)}
        owners = known.filter(organization__isnull=False, identifier__in={row.owner for row in self.rows})
        self.owners = {row.identifier: row for row in owners.select_related("organization__merged_into")}

    # --- What is to be done ------------------------------------------------------------------------

    def examine(self) -> None:
        """Count and list what the rows would do."""
        plan = self._plan()
        for row in plan.new:
            self._try(row, self._examine_new)
        for row in plan.changed:
            self._try(row, self._update)

    def apply(self) -> None:
        """Do it. Needs the lock and a transaction."""
        plan = self._plan()
        self._link(plan)
        try:
            with transaction.atomic():
                self._create(plan.new)
        except RuleError:
            # One of them is refused, and only its own line shall say so.
            for row in plan.new:
                self._try(row, lambda row: self._create([row]))
        for row in plan.new:
            if row.identifier in self.created and self._speaks_anew(row):
                self._try(row, lambda row: self._update_owner(row, []))
        for row in plan.changed:
            self._try(row, self._update)
        self._note_seen()

    def _plan(self) -> Plan:
        plan = Plan()
        unknown: list[Incoming] = []
        for row in self.rows:
            if not row.is_sound:
                continue
            if row.service is None:
                self._sort_owner_alone(row, plan, unknown)
                continue
            record = self.services.get(row.identifier)
            if record is None:
                unknown.append(row)
            elif record.fingerprint != row.fingerprint or record.is_gone or self._speaks_anew(row):
                plan.changed.append(row)
            else:
                self.report.count("left")
        plan.changed = self._storable(plan.changed)
        unknown = self._storable(unknown)
        if unknown:
            Matching(self.shared, self.owners, plan).sort(unknown)
        return plan

    def _storable(self, rows: list[Incoming]) -> list[Incoming]:
        """The rows whose organisation and places can be stored; the others are named."""
        good = []
        for row in rows:
            try:
                self.shared.check_parts(row)
            except RuleError as error:
                self.report.problems.add(row.line, error.field, str(error.message))
            else:
                good.append(row)
        return good

    def _sort_owner_alone(self, row: Incoming, plan: Plan, unknown: list[Incoming]) -> None:
        """A row that names an organisation and nothing that it offers."""
        if row.owner not in self.owners:
            unknown.append(row)
        elif self._speaks_anew(row):
            plan.changed.append(row)
        else:
            self.report.count("left")

    def _speaks(self, row: Incoming) -> bool:
        """Whether this row's words count for its organisation: those of the smallest identifier do."""
        owner = self.owners.get(row.owner)
        return owner is None or not owner.said_by or row.identifier <= owner.said_by

    def _speaks_anew(self, row: Incoming) -> bool:
        owner = self.owners.get(row.owner)
        if owner is None:
            return True
        return self._speaks(row) and (
            owner.fingerprint != row.owner_fingerprint or owner.said_by != row.identifier or owner.is_gone
        )

    def _link(self, plan: Plan) -> None:
        """Note which of our records the rows are; they are then changed like any other."""
        now = self.shared.moment
        said = {"source": self.source, "last_seen_at": now, "first_seen_at": now}
        made = [SourceRecord(identifier=owner, organization_id=pk, **said) for owner, pk in plan.owner_links.items()]
        made += [SourceRecord(identifier=row, service_id=pk, **said) for row, pk in plan.links.items()]
        SourceRecord.objects.bulk_create(made)
        for record in made:
            (self.services if record.service_id else self.owners)[record.identifier] = record

    # --- New records -------------------------------------------------------------------------------

    def _create(self, rows: list[Incoming]) -> None:
        """Organisations, places and records of new rows, each kind in a few statements. All of them, or none."""
        if not rows:
            return
        said, now = self.shared.said, self.shared.moment
        owners, drafts, made = dict(self.owners), [], []
        for row in rows:
            if row.owner not in owners:
                organization = Organization()
                drafts.append(Draft(organization, _full(row.organization)))
                record = SourceRecord(
                    source=self.source,
                    identifier=row.owner,
                    organization=organization,
                    said_by=row.identifier,
                    fingerprint=row.owner_fingerprint,
                    first_seen_at=now,
                    last_seen_at=now,
                )
                owners[row.owner] = record
                made.append(record)
        records.create_many(drafts=drafts, **said)
        homes = {row.identifier: _home(owners[row.owner]) for row in rows}
        places = Places(self.shared.hand, homes.values())
        spots = {
            row.identifier: [places.find_or_draft(homes[row.identifier], each) for each in row.places] for row in rows
        }
        records.create_many(drafts=places.drafts, **said)
        self.shared.hand.references.learn_places(
            draft.record for draft in places.drafts if isinstance(draft.record, Location)
        )
        places.fill_gaps(**said)
        services = []
        for row in rows:
            if row.service is None:
                continue
            service = Service(organization=homes[row.identifier])
            uuids = [str(place.uuid) for place in spots[row.identifier]]
            services.append(Draft(service, _full(row.service) | {"places": uuids}))
            made.append(self._record_of(row, service))
        records.create_many(drafts=services, **said)
        for record in made:
            record.organization_id = record.organization.pk if record.organization else None
            record.service_id = record.service.pk if record.service else None
        SourceRecord.objects.bulk_create(made)
        self.owners = owners
        self.created |= {row.identifier for row in rows}
        for row in rows:
            self.report.note(Change(row.line, row.label, is_new=True))
        self.report.count("organizations_new", len(drafts))
        self.report.count("services_new", len(services))

    def _record_of(self, row: Incoming, service: Service) -> SourceRecord:
        now = self.shared.moment
        return SourceRecord(
            source=self.source,
            identifier=row.identifier,
            service=service,
            fingerprint=row.fingerprint,
            url=row.url,
            first_seen_at=now,
            last_seen_at=now,
        )

    def _examine_new(self, row: Incoming) -> None:
        """What storing would refuse is refused here as well."""
        hand = self.shared.hand
        is_new_owner = row.owner not in self.owners and row.owner not in self.shared.new_owners
        if row.service is not None:
            compare(Service(), _full(row.service), hand)
            self.report.count("services_new")
        if is_new_owner:
            self.shared.new_owners.add(row.owner)
            self.report.count("organizations_new")
        elif row.owner in self.owners and self._speaks_anew(row):
            self._update_owner(row, [])
        self.report.note(Change(row.line, row.label, is_new=True))

    # --- Records that are known --------------------------------------------------------------------

    def _update(self, row: Incoming) -> None:
        differences: list[Difference] = []
        if self.shared.writes and row.owner not in self.owners:
            self._create([_owner_alone(row)])
        if self._speaks_anew(row) and row.owner in self.owners:
            self._update_owner(row, differences)
        record = self.services.get(row.identifier)
        if record is not None and row.service is not None:
            self._update_service(row, record, differences)
        if any(not each.is_held for each in differences):
            self.report.note(Change(row.line, row.label, is_new=False, differences=tuple(differences)))
        elif record is None or not record.is_gone:
            self.report.count("left")

    def _update_owner(self, row: Incoming, differences: list[Difference]) -> None:
        owner = self.owners[row.owner]
        organization = _home(owner)
        values = self._values(organization, row.organization)
        found = compare(organization, values, self.shared.hand)
        self._note(found, differences)
        if found.changed:
            self.report.count("organizations_changed")
        if not self.shared.writes:
            return
        if found.changed:
            fresh = Organization.objects.get(pk=organization.pk)
            records.edit_organization(organization=fresh, values=values, **self.shared.said)
        owner.said_by, owner.fingerprint, owner.gone_at = row.identifier, row.owner_fingerprint, None
        owner.last_seen_at = self.shared.moment
        owner.save(update_fields=["said_by", "fingerprint", "gone_at", "last_seen_at"])

    def _update_service(self, row: Incoming, record: SourceRecord, differences: list[Difference]) -> None:
        service = self._stored_services[record.service_id or 0]
        is_link, was_gone = not record.fingerprint, record.is_gone
        values = self._values(service, row.service or {})
        if row.places and self.shared.writes:
            places = Places(self.shared.hand, [service.organization])
            spots = places.move_or_draft(service, row.places, **self.shared.said)
            records.create_many(drafts=places.drafts, **self.shared.said)
            places.fill_gaps(**self.shared.said)
            values["places"] = sorted({str(each.uuid) for each in spots} | self._kept_places(service))
        found = compare(service, values, self.shared.hand)
        self._note(found, differences)
        if found.changed:
            self.report.count("services_changed")
        if is_link:
            self.report.count("linked")
        elif was_gone:
            self.report.count("back")
        if not self.shared.writes:
            return
        if found.changed:
            fresh = Service.objects.get(pk=service.pk)
            records.edit_service(service=fresh, values=values, **self.shared.said)
        record.fingerprint, record.url, record.gone_at = row.fingerprint, row.url, None
        record.last_seen_at = self.shared.moment
        record.save(update_fields=["fingerprint", "url", "gone_at", "last_seen_at"])

    def _kept_places(self, service: Service) -> set[str]:
        """Places that people added, or another source, stay."""
        if service.origins.get("places") == self.source.mark:
            return set()
        return {str(each.location.uuid) for each in service.at_locations.all()}

    @cached_property
    def _stored_services(self) -> dict[int, Service]:
        """The records of the rows that change, with what their documents read."""
        keys = [record.service_id or 0 for record in self.services.values()]
        return {row.pk: row for row in queries.for_documents(Service.objects.filter(pk__in=keys))}

    def _values(self, record: Organization | Service, document: Document) -> Document:
        """An empty cell takes back what this source said before, and nothing else."""
        mine = self.source.mark
        return {key: value for key, value in document.items() if not is_empty(value) or record.origins.get(key) == mine}

    def _note(self, found: Comparison, differences: list[Difference]) -> None:
        self.report.count("held_back", len(found.held_back))
        for key in sorted(found.changed | found.held_back):
            before, after = shown(found.before.get(key)), shown(found.after.get(key))
            differences.append(Difference(key, before, after, is_held=key in found.held_back))

    # --- What all rows have in common --------------------------------------------------------------

    def _try(self, row: Incoming, act: Callable[[Incoming], None]) -> None:
        """A row that is refused is named, and the others go on."""
        try:
            with transaction.atomic():
                act(row)
        except RuleError as error:
            self.report.problems.add(row.line, error.field, str(error.message))

    def _note_seen(self) -> None:
        """Also of rows that are not sound: they are in the list."""
        keys = [record.pk for record in (*self.services.values(), *self.owners.values()) if record.pk]
        known = SourceRecord.objects.filter(pk__in=keys)
        known.filter(organization__isnull=False, gone_at__isnull=False).update(gone_at=None)
        known.update(last_seen_at=self.shared.moment)


def _full(document: Document) -> Document:
    """Without what says nothing: a new record is empty anyway."""
    return {key: value for key, value in document.items() if not is_empty(value)}


def _home(owner: SourceRecord) -> Organization:
    """The organisation, or the one it was merged into."""
    assert owner.organization is not None  # noqa: S101 - the constraint says so
    return owner.organization.merged_into or owner.organization


def _owner_alone(row: Incoming) -> Incoming:
    return Incoming(row.line, row.identifier, row.owner, row.organization)
