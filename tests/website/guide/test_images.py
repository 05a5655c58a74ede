"""Images in the guide: modern formats in several sizes, cropped around what matters, and nothing jumps."""

import re

import pytest
from django.template.loader import render_to_string
from wagtail.images.models import Rendition

from tests.website.guide.folder_support import make_article, make_image


@pytest.fixture(autouse=True)
def media(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path / "media"


def shown(image, **context):
    image.contextual_alt_text, image.decorative = "Ett kök", False
    return render_to_string("guide/blocks/image.html", {"value": image, **context})


def test_an_image_comes_in_modern_formats_and_several_sizes():
    html = shown(make_image())
    assert re.findall(r'type="(image/\w+)"', html) == ["image/avif", "image/webp"]
    for source in re.findall(r'srcset="([^"]+)"', html):
        assert re.findall(r" (\d+)w", source) == ["480", "960", "1360"]
    assert 'alt="Ett kök"' in html
    assert re.search(r'<img[^>]+src="[^"]+\.jpg"', html)


def test_nothing_jumps_and_what_is_below_the_fold_waits():
    html = shown(make_image(), forloop={"first": False})
    assert re.search(r'<img[^>]+width="\d+"', html)
    assert re.search(r'<img[^>]+height="\d+"', html)
    assert 'loading="lazy"' in html
    assert "loading" not in shown(make_image("Först"), forloop={"first": True})


def test_an_image_with_a_focal_point_is_cropped_around_it_and_another_is_shown_whole():
    focused = make_image("Med", focal_point_x=200, focal_point_y=200, focal_point_width=100, focal_point_height=100)
    shown(focused)
    assert {(each.width, each.height) for each in Rendition.objects.filter(image=focused)} == {
        (480, 320), (960, 640), (1350, 900)
    }  # fmt: skip
    whole = make_image("Utan")
    shown(whole)
    assert {(each.width, each.height) for each in Rendition.objects.filter(image=whole)} == {
        (480, 270), (960, 540), (1360, 765)
    }  # fmt: skip


def test_a_page_shows_its_images(client, guide, cast):
    page = make_article(cast)
    html = client.get(page.url).content.decode()
    assert html.count("<picture>") == 2
    assert 'alt="Ett kök [med] *bänk*"' in html
    assert 'alt=""' in html
