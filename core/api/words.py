"""Sentences of REST framework that its own Dutch (or French) catalogue lacks, or says as no reader would.

Django gives the French sentence where the Dutch one is missing, which no Dutch reader expects. Named
here, they stand in our catalogues, which are asked first.
"""

from django.utils.translation import gettext_noop as _

SAID_ANEW = (
    _("Authentication credentials were not provided."),
    _("Could not satisfy the request Accept header."),
    _("Date has wrong format. Use one of these formats instead: {format}."),
    _("Datetime has wrong format. Use one of these formats instead: {format}."),
    _('Expected a dictionary of items but got type "{input_type}".'),
    _('Expected a list of items but got type "{input_type}".'),
    _("Invalid data. Expected a dictionary, but got {datatype}."),
    _("Request was throttled."),
    _('Unsupported media type "{media_type}" in request.'),
)
BORROWED = (
    _("A valid biginteger is required."),
    _("Datetime value out of range."),
    _('Enter a valid "slug" consisting of Unicode letters, numbers, underscores, or hyphens.'),
    _("Ensure this field has at least {min_length} elements."),
    _("Ensure this field has no more than {max_length} elements."),
    _("Expected available in {wait} second."),
    _("Expected available in {wait} seconds."),
    _("Integer value too large to convert to float"),
    _('Invalid datetime for the timezone "{timezone}".'),
    _("Invalid input."),
    _("Must be a valid UUID."),
    _("Must be a valid boolean."),
    _("Not a valid string."),
    _("Surrogate characters are not allowed: U+{code_point:X}."),
    _("The number of days must be between {min_days} and {max_days}."),
    _("This dictionary may not be empty."),
)
