from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # Letters and long jobs are found by name: see core.mail.letter and core.jobs.work.
        autodiscover_modules("emails", "reports")
