"""What the tests of the guide as a folder share: pages an editor made, and a site with nothing on it."""
# ruff: noqa: E501, UP031 - each case stands on a line of its own, and braces would hide its HTML

import io
import json
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from guide.models import ArticlePage, FrontPage, PageName, SearchEntry, SearchWord


def picture_bytes(color=(200, 80, 40), *, size=(1600, 900), kind="JPEG"):
    made = io.BytesIO()
    Picture.new("RGB", size, color).save(made, kind)
    return made.getvalue()


def make_image(title="Köket: före & efter", *, color=(200, 80, 40), **fields):
    file = SimpleUploadedFile("Bild 1.JPG", picture_bytes(color), content_type="image/jpeg")
    return Image.objects.create(title=title, file=file, **fields)


def make_document(title="Mall"):
    return Document.objects.create(title=title, file=SimpleUploadedFile("mall.pdf", b"%PDF-1.7 x"))


def make_article(cast, *, title='Kök & "matlåda": #1 – så går det\u00a0till', slug="kok-och-matlada", **fields):
    """A page that an editor made, with every block there is and words that look like formatting."""
    front = FrontPage.objects.get(locale__language_code="sv")
    step = Page.objects.get(slug="undersoka")
    image, document = (
        make_image(focal_point_x=400, focal_point_y=300, focal_point_width=200, focal_point_height=100),
        make_document(),
    )
    page = ArticlePage(
        title=title, slug=slug, seo_title="Köket: så gör vi", search_description="Om *köket* — 100 % lagat.",
        lead="Först \\ett*, sedan #två.\n\n- inte en lista\n1. inte heller\nmed radbrytning", locale=front.locale,
        body=json.dumps([
            {"type": "image", "value": {"image": image.pk, "decorative": False, "alt_text": "Ett kök [med] *bänk*"}, "id": "11111111-1111-4111-8111-111111111111"},
            {"type": "text", "id": "a", "value": (
                '<p data-block-key="a1b2c">Läs <a id="%d" linktype="page">steg <b>två</b></a>, <a href="https://example.se/a_(b)?x=1&amp;y=2">en annan sida</a> '
                'och <a id="%d" linktype="document">mallen</a>.</p><h2 data-block-key="x">Rubrik #</h2><p></p>'
                '<ul><li>ett<ul><li><i>under</i> ett</li></ul></li><li>två<br/>rader</li></ul><ol><li>1. första</li></ol>'
                '<p><b>"Fet"</b>text &lt;script&gt;alert(1)&lt;/script&gt; 3\u00a0000 kr * 2 _ord_ [x](y)</p>'
            ) % (step.pk, document.pk)
            },
            {"type": "text", "id": "b", "value": "<ol><li>en ny lista</li></ol><h3>Mindre</h3>"},
            {"type": "note", "id": "c", "value": {"kind": "warning", "text": "<ul><li>bara en lista</li></ul>"}},
            {"type": "note", "id": "d", "value": {"kind": "example", "text": "<p>Tips: inte ett tips</p><p>Andra stycket</p>"}},
            {"type": "quote", "id": "e", "value": "Tips: det här är ett citat.\nMed två rader.\n\nOch ett stycke till."},
            {"type": "quote", "id": "f", "value": "# inte en rubrik"},
            {"type": "markdown", "id": "g", "value": "## Tabell\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nkod\n```\n"},
            {"type": "image", "id": "h", "value": {"image": image.pk, "decorative": True, "alt_text": ""}},
        ]),
        **fields,
    )  # fmt: skip
    front.add_child(instance=page)
    page.save_revision(user=cast.editor).publish()
    return ArticlePage.objects.get(pk=page.pk)


def make_restricted(cast):
    page = make_article(cast, title="Bara för oss", slug="bara-for-oss")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    return page


# What stands of pages and files, and what is kept beside them without a foreign key that would tell of it.
_HOLDS_THE_GUIDE = [Page, Revision, ReferenceIndex, IndexEntry, Image, Document, PageName, SearchEntry, SearchWord]


def empty_the_site():
    """As a database on which nothing has been written: the caller's transaction puts it all back."""
    tables = ", ".join(model._meta.db_table for model in _HOLDS_THE_GUIDE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def tree_of(folder: Path):
    """Path → content of every file."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
