"""The tree that everything stands in: languages, root, a front page per language, and who may edit."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from guide.keys import key_of
from guide.models import FrontPage, ReviewTask
from people.roles import ADMINISTRATOR, EDITOR

FRONT = "front"
_LOCK = 5_117_360_001

# An editor's text goes through the review (`_lay_review`), an administrator may publish at once.
PAGE_RIGHTS = ("add", "change", "lock", "unlock")
ADMINISTRATOR_PAGE_RIGHTS = (*PAGE_RIGHTS, "publish", "bulk_delete")
REVIEW = "Granskning"
COLLECTION_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "change_document"),
    ("wagtaildocs", "choose_document"),
)
OTHER_RIGHTS = (
    ("guide", "view_pageopinion"),
    ("guide", "change_pageopinion"),
    ("simple_translation", "submit_translation"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
)


@transaction.atomic
def lay_site() -> FrontPage:
    """Lay what must be there before anyone writes: safe to run again, with several at once, and after a flush.

    Answers the Swedish front page, the root of the site.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES}
    root = _lay_root(locales[settings.LANGUAGE_CODE])
    fronts = {code: _lay_front(root, locale) for code, locale in locales.items()}
    front = fronts[settings.LANGUAGE_CODE]
    _lay_address(front)
    _remove_welcome_page(root)
    _lay_rights(root)
    _lay_review(root)
    return front


def _lay_root(locale: Locale) -> Page:
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first()
    if root is None:
        content_type = ContentType.objects.get_for_model(Page)
        root = Page.add_root(instance=Page(title="Root", slug="root", content_type=content_type, locale=locale))
    return root


def _lay_front(root: Page, locale: Locale) -> FrontPage:
    key = key_of(FRONT)
    front = FrontPage.objects.filter(translation_key=key, locale=locale).first()
    if front is None:
        with translation.override(locale.language_code):
            front = FrontPage(
                title="Stigen",
                slug="stigen" if locale.language_code == settings.LANGUAGE_CODE else f"stigen-{locale.language_code}",
                heading=gettext("Make services together with those who use them"),
                lead=gettext("Service design is a way to work: understand the need first, then try things out."),
                locale=locale,
                translation_key=key,
            )
        front = root.add_child(instance=front)
    return front


def _lay_address(front: FrontPage) -> None:
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    values = {
        "hostname": address.hostname or "localhost",
        "port": port,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "root_page": front.page_ptr,
    }
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(is_default_site=True, **values)
        return
    if any(getattr(site, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(site, name, value)
        site.save()


def _remove_welcome_page(root: Page) -> None:
    """Wagtail's own first page, if nobody has built on it."""
    for page in root.get_children().filter(content_type=ContentType.objects.get_for_model(Page), slug="home"):
        if page.is_leaf():
            page.delete()


def _lay_rights(root: Page) -> None:
    for name, page_rights in ((EDITOR, PAGE_RIGHTS), (ADMINISTRATOR, ADMINISTRATOR_PAGE_RIGHTS)):
        group, _created = Group.objects.get_or_create(name=name)
        for right in page_rights:
            permission = _right("wagtailcore", f"{right}_page")
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        everything = Collection.objects.get(depth=1)
        for app, codename in COLLECTION_RIGHTS:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=everything, permission=_right(app, codename)
            )
        group.permissions.add(*[_right(app, codename) for app, codename in OTHER_RIGHTS])


def _lay_review(root: Page) -> None:
    """One step before publishing: another editor or an administrator approves.

    Laid once. A municipality that changes the workflow, closes it or gives editors the right to publish keeps that.
    """
    if Workflow.objects.filter(name=REVIEW).exists():
        return
    workflow = Workflow.objects.create(name=REVIEW)
    task = ReviewTask.objects.create(name="Någon annan läser")
    task.groups.set(Group.objects.filter(name__in=(EDITOR, ADMINISTRATOR)))
    WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)
    # In the place of Wagtail's own first one, whose groups are not ours.
    Workflow.objects.filter(workflow_pages__page=root).update(active=False)
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    GroupPagePermission.objects.filter(group__name=EDITOR, page=root, permission__codename="publish_page").delete()


def _right(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)
