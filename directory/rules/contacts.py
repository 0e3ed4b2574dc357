"""Persons to turn to: kept with their consent, and forgotten when they ask or when consent grows old.

The history says that persons changed, by whom and when, and nothing of the persons themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from directory import numbers, queries
from directory.enums import ChangeAction, Origin, RecordKind
from directory.errors import ConsentMissing, RecordRefused
from directory.models import Contact, Organization, Phone, Service, Source, TaxonomyTerm
from directory.rules import log
from directory.rules.storing import store, store_new


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneData:
    """A phone of a person; lines for professionals are not shown to strangers."""

    number: str
    professionals_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactData:
    """What is kept of a person: the function comes first, the name is theirs to show."""

    function_fr: str = ""
    function_nl: str = ""
    department_fr: str = ""
    department_nl: str = ""
    problem_fr: str = ""
    problem_nl: str = ""
    name: str = ""
    show_name: bool = False
    email: str = ""
    professionals_only: bool = True
    away_from: dt.date | None = None
    away_until: dt.date | None = None
    consent_on: dt.date | None = None
    consent_how: str = ""
    is_published: bool = False


@transaction.atomic
def save_contact(
    *,
    organization: Organization,
    contact: Contact | None,
    data: ContactData,
    by: User | None,
    service: Service | None = None,
    themes: Iterable[TaxonomyTerm] = (),
    phones: Sequence[PhoneData] = (),
    deputy_of: Contact | None = None,
) -> Contact:
    """Make a person to turn to, or rewrite one. Published only with consent and its date.

    Raises ``NotYours``, ``ConsentMissing``, ``RecordRefused``, ``NationalNumberFound``. Takes the
    directory's lock.
    """
    log.begin(by)
    row: Contact = Contact(organization=organization) if contact is None else log.fresh(contact)
    for name in data.__dataclass_fields__:
        value = getattr(data, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if not (data.function_fr or data.function_nl):
        raise RecordRefused(_("Say in which function, in one language at least."), field="function_fr")
    if data.is_published and data.consent_on is None:
        raise ConsentMissing(
            _("A person is published only with their consent: say when it was given."), field="consent_on"
        )
    if service is not None and service.organization_id != organization.pk:
        raise RecordRefused(_("This record belongs to another organisation."), field="service")
    if deputy_of is not None and deputy_of.organization_id != organization.pk:
        raise RecordRefused(_("A deputy works in the same organisation."), field="deputy_of")
    row.service, row.deputy_of = service, deputy_of
    texts = {name: value for name in data.__dataclass_fields__ if isinstance(value := getattr(data, name), str)}
    refuse_national_numbers(**texts)
    store(row)
    row.themes.set(themes)
    row.phones.all().delete()
    written = [
        Phone(contact=row, number=numbers.phone_number(each.number), professionals_only=each.professionals_only)
        for each in phones
    ]
    store_new([phone for phone in written if phone.number], key="phones")
    _note(organization, by)
    return row


@transaction.atomic
def withdraw_consent(*, contact: Contact, by: User | None) -> Contact:
    """The person no longer wants to be shown: taken off the pages at once. Takes the directory's lock."""
    log.begin(by)
    row: Contact = log.fresh(contact)
    row.is_published = False
    row.consent_on = None
    row.consent_how = ""
    log.stamp(row)
    _note(row.organization, by)
    return row


@transaction.atomic
def remove_contact(*, contact: Contact, by: User | None) -> None:
    """Take a person out; nothing of them stays. Takes the directory's lock."""
    log.begin(by)
    row: Contact = log.fresh(contact)
    organization = row.organization
    row.delete()
    _note(organization, by)


@transaction.atomic
def forget(*, email: str) -> int:
    """Erase the address everywhere in the directory; returns how many rows. Takes the directory's lock."""
    log.lock()
    found = list(queries.contacts_of(email))
    for contact in found:
        organization = contact.organization
        contact.delete()
        _note(organization, None)
    asked = queries.confirmed_by(email).update(confirm_email="")
    return len(found) + asked


@transaction.atomic
def forget_given_before(day: dt.date) -> int:
    """Take persons out whose consent is older than that day, or who were never published and last changed before it.

    Consent is asked again before; see the retention of ``directory_contacts``. Takes the lock.
    """
    log.lock()
    old = Contact.objects.filter(Q(consent_on__lt=day) | Q(consent_on__isnull=True, modified__date__lt=day))
    count = old.count()
    old.delete()
    return count


def _note(organization: Organization, by: User | None, source: Source | None = None) -> None:
    log.touch(Organization.objects.filter(pk=organization.pk))
    log.touch(organization.services.all())
    log.note(
        kind=RecordKind.ORGANIZATION,
        record=organization,
        action=ChangeAction.PERSONS,
        by=by,
        origin=Origin.HERE,
        source=source,
        before={},
        after={},
    )
