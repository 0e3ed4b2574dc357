"""What the room keeps of people, as the privacy page says it. Seats and choices go with the registration."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from basins.missions import PrivacyRow


def privacy_row() -> PrivacyRow:
    """A phone's own number is chance; what it wrote carries no name."""
    after = _("%(months)d months after the meeting; after that nothing says which were written by one phone")
    return PrivacyRow(
        _("Your post-its and points on a wall, under a number that your phone holds by chance"),
        _("So that each person has as many as all others; nobody can see whose they are"),
        after % {"months": settings.RETENTION_MONTHS["registrations"]},
    )
