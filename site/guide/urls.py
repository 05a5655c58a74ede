"""The guide's own addresses; its pages stand where editors put them."""

from django.urls import path

from guide import views

urlpatterns = [path("last/<uuid:key>/", views.mark_read, name="mark_read")]
# Outside the languages: one of each for the whole site.
machine_urlpatterns = [path("sitemap.xml", views.sitemap, name="sitemap")]
