from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BasinsConfig(AppConfig):
    name = "basins"
    verbose_name = _("Basins")

    def ready(self) -> None:
        """Let allauth count in the cache that all processes share.

        Its rate limits and its list of app codes that were used take Django's default cache, which
        lives in each process here: a limit of three would be three per process.
        """
        from allauth.core.internal import ratelimit
        from allauth.mfa.totp.internal import auth
        from django.core.cache import caches
        from django.utils.connection import ConnectionProxy

        ratelimit.cache = auth.cache = ConnectionProxy(caches, "shared")
