"""Sentences of Django's own pages and forms that its Dutch catalogue lacks.

Django gives the French sentence where the Dutch one is missing, which no Dutch reader expects. Named
here, they stand in our catalogues, which are asked first. `tests/test_catalogues.py` finds what a new
version of Django adds.
"""

from django.utils.translation import gettext_noop as _

BORROWED = (
    _("Add link"),
    _("Change or view list link"),
    _("Error:"),
    _("Model name"),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
)
