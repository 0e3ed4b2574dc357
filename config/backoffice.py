"""Django's admin with our gate in front: ``admin.site`` is ``basins.backoffice.BackOffice``."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "basins.backoffice.BackOffice"
