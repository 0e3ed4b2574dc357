"""Who may do what in the directory: one sentence, one function.

The directory is one for the five basins, for services do not stop at their borders: whoever keeps it in
one basin keeps it all, and each change stands in the history. What somebody may see is fetched:
`queries.services_for` and its like ask :func:`visible_to` and :func:`is_professional`.
"""

from __future__ import annotations

import datetime as dt

from basins.access import Reader, holds_somewhere
from basins.models import User
from basins.rights import Right
from directory.enums import Visibility
from directory.models import Contact, Location, Phone, Service


def may_manage_directory(user: Reader) -> bool:
    """Teams and helpdesks of any basin keep the records, the imports and the persons to turn to."""
    return holds_somewhere(user, Right.MANAGE_DIRECTORY)


def may_edit_taxonomies(user: Reader) -> bool:
    """The words by which everybody searches are the teams'."""
    return holds_somewhere(user, Right.EDIT_TAXONOMIES)


def is_professional(user: Reader) -> bool:
    """Whoever signed in counts as a professional: residents need no account to consult."""
    return isinstance(user, User) and user.is_active


def visible_to(user: Reader) -> tuple[Visibility, ...]:
    """Strangers see what is public; what is for professionals or on referral takes a sign-in."""
    return tuple(Visibility) if is_professional(user) else (Visibility.PUBLIC,)


def may_see_service(user: Reader, service: Service) -> bool:
    """The same for one record."""
    return service.visibility in visible_to(user)


def may_see_phone(user: Reader, phone: Phone) -> bool:
    """Lines for professionals are not given to strangers."""
    return not phone.professionals_only or is_professional(user)


def may_see_address(user: Reader, location: Location) -> bool:
    """The address of a shelter is seen by who keeps the directory."""
    return not location.hides_address or may_manage_directory(user)


def may_see_contact(user: Reader, contact: Contact) -> bool:
    """A published person is seen by everybody, or by professionals where it says so; others by staff."""
    if may_manage_directory(user):
        return True
    return contact.is_published and (not contact.professionals_only or is_professional(user))


def is_reachable(contact: Contact, today: dt.date) -> bool:
    """A person who is away is not turned to: their deputy is."""
    return contact.is_published and not contact.is_away(today)
