"""Every address of the product. What the public may see stands in ``config.public_urls``."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from basins.web import converters
from basins.web.views import robots, root
from core.gallery import gallery
from core.health import health

converters.register()

urlpatterns: list[URLPattern | URLResolver] = [
    path("", root, name="root"),
    path("health/", health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("api/", include("config.api_urls", namespace="api")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path(_("account/"), include("basins.web.account_urls")),
        path(_("components/"), gallery, name="components"),
        path("", include("basins.web.urls")),
        path("<basin:basin>/", include("basins.web.urls")),
        *(path("<basin:basin>/", include(f"{mission}.web.urls", namespace=mission)) for mission in settings.MISSIONS),
    ),
]
if settings.IS_DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls", namespace="demo")))

handler400 = "core.errors_web.bad_request"
handler403 = "core.errors_web.permission_denied"
handler404 = "core.errors_web.page_not_found"
handler500 = "core.errors_web.server_error"
