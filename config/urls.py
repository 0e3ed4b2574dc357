"""Every address of the product. What the public may see: ``basins.web.public``.

A mission brings ``web/urls.py`` for pages under a basin's slug (``opendoors:week``) and, if need be,
``web/region_urls.py`` for pages of the Region, which has none (``opendoors_region:…``).
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from basins.missions import mission_modules
from basins.web import converters
from basins.web.engines import robots, sitemap, sitemap_section
from basins.web.gallery import gallery
from basins.web.views import root
from core.health import health
from core.mail.inbound.web import receive as receive_mail

converters.register()

urlpatterns: list[URLPattern | URLResolver] = [
    path("", root, name="root"),
    path("health/", health, name="health"),
    path("mail/inbound/", receive_mail, name="inbound_mail"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap_section, name="sitemap_section"),
    path("api/", include("config.api_urls", namespace="api")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path(_("account/"), include("basins.web.account_urls")),
        path(_("components/"), gallery, name="components"),
        path("", include("basins.web.urls")),
        path("<basin:basin>/", include("basins.web.urls")),
        *(
            path("<basin:basin>/", include((urls.urlpatterns, mission), namespace=mission))
            for mission, urls in mission_modules("web.urls")
        ),
        *(
            path("", include((urls.urlpatterns, f"{mission}_region"), namespace=f"{mission}_region"))
            for mission, urls in mission_modules("web.region_urls")
        ),
    ),
]
if settings.IS_DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls", namespace="demo")))

handler400 = "core.errors_web.bad_request"
handler403 = "core.errors_web.permission_denied"
handler404 = "core.errors_web.page_not_found"
handler500 = "core.errors_web.server_error"
