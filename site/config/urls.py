"""Every address of the site. English stands under /en/; Swedish has no prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import api, errors, look, media, my_page, style_page
from guide import urls as guide_urls
from people.views.administration import OwnAccountView

handler400 = "config.errors.bad_request"

urlpatterns = [
    path("robots.txt", errors.robots),
    path("site.webmanifest", look.web_manifest, name="web_manifest"),
    path("api/v1/", include(api.urlpatterns)),
    re_path(r"^api/(?:.+/)?$", api.unknown),
    path("cms/account/", OwnAccountView.as_view()),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", media.picture),
    *guide_urls.machine_urlpatterns,
    *i18n_patterns(
        # Addresses come from HR: nobody changes their own.
        path("konto/email/", page_not_found, {"exception": None}),
        path("konto/", include("allauth.account.urls")),
        *([] if settings.PRODUCTION else [path("stil/", style_page.style_page, name="style")]),
        path("min-sida/", my_page.my_page, name="my_page"),
        path("min-sida/bokningar/", my_page.my_bookings, name="my_bookings"),
        path("min-sida/brev/", my_page.my_letters, name="my_letters"),
        path("", include("letters.urls")),
        path("", include("people.urls")),
        path("", include("courses.urls")),
        path("", include("journeys.urls")),
        path("", include("insight.urls")),
        path("", include("workshops.urls")),
        path("", include(guide_urls)),
        path("", include(guide_urls.page_urlpatterns)),
        prefix_default_language=False,
    ),
]
