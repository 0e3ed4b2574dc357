"""What may go wrong in the directory. Rules raise these; web, API and import word them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class RecordRefused(RuleError):
    """A value that a record cannot have; ``field`` is its key in the record's document."""

    code = "record-invalid"
    status = 422
    title = _("This record is not valid")


class UnknownField(RecordRefused):
    """A key that the record's document does not have."""

    code = "unknown-field"

    def __init__(self, field: str) -> None:
        super().__init__(_("This record has no field “%(field)s”.") % {"field": field}, field=field)


class StillInUse(RuleError):
    """Something that others hang on cannot be taken away."""

    code = "still-in-use"
    title = _("This is still in use")


class ImpossibleMerge(RuleError):
    """Records into themselves, or into one that is merged already."""

    code = "impossible-merge"


class CyclicTerms(RuleError):
    """A term below itself."""

    code = "cyclic-terms"
    status = 422


class ConsentMissing(RuleError):
    """A person is shown only with their consent, and its date is kept."""

    code = "consent-missing"
    status = 422


class FileRefused(RuleError):
    """A file that cannot be read, or that is not what it claims to be. Nothing of it was imported."""

    code = "file-refused"
    status = 422
    title = _("This file cannot be read")


class MappingRefused(RuleError):
    """Columns that cannot be read as they are said to be."""

    code = "mapping-refused"
    status = 422


class CrowdedNetwork(RuleError):
    """Too much was written from one network in an hour."""

    code = "too-many-messages"
    status = 429

    def __init__(self) -> None:
        super().__init__(
            _(
                "Many messages came from your network in the last hour, so this one was not sent. "
                "What you wrote is still here: send it again in an hour, or call the helpdesk."
            )
        )


class ManyLeaflets(RuleError):
    """Too many leaflets were drawn for one network in an hour."""

    code = "too-many-leaflets"
    status = 429

    def __init__(self) -> None:
        super().__init__(
            _(
                "Many leaflets were made from your network in the last hour. "
                "Your list is kept below: try again in an hour."
            )
        )
