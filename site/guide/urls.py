"""The guide's own addresses, and the pages where editors put them."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.urls import urlpatterns as wagtail_urlpatterns

from guide import drafts, feeds, opinions, reader, using, views
from guide.search.views import search

urlpatterns = [
    path("sok/", search, name="search"),
    path("last/<uuid:key>/", reader.mark_read, name="mark_read"),
    path("last/<uuid:key>/rader/", reader.tick, name="tick"),
    path("tyck-till/<uuid:key>/", opinions.opinion, name="opinion"),
    path("tyck-till/<uuid:key>/ord/", opinions.opinion_words, name="opinion_words"),
    path("fall/atom.xml", feeds.cases_feed, name="cases_feed"),
    path("utskrift/<uuid:key>/kort.pdf", using.card, name="method_card"),
    path("utskrift/<uuid:key>/hafte.pdf", using.booklet, name="step_booklet"),
    path("utskrift/<uuid:key>/arbetsblad.pdf", using.worksheet, name="worksheet"),
    path("utskrift/<uuid:key>/arbetsblad-a3.pdf", using.wall_sheet, name="wall_sheet"),
    path("visa/<uuid:key>/", using.present, name="present"),
    path("utkast/<str:token>/", drafts.draft, name="draft"),
]
# Wagtail's, with our own serving: the last of all, since it takes every address.
page_urlpatterns = [
    *(pattern for pattern in wagtail_urlpatterns if pattern.name != "wagtail_serve"),
    re_path(serve_pattern, views.serve, name="wagtail_serve"),
]
# Outside the languages: one of each for the whole site.
machine_urlpatterns = [path("sitemap.xml", views.sitemap, name="sitemap")]
