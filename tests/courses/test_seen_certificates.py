"""A certificate as a telephone and an eye see it: the code on the page, and what a corrected one replaces."""

from tests.courses import test_certificates
from tests.courses.conftest import DAY
from tests.courses.test_certificates import correct
from tests.support.pictures import seen_page, words_in_picture

completion, certificate, then = test_certificates.completion, test_certificates.certificate, test_certificates.then


def test_its_code_leads_a_telephone_to_the_page_that_says_it_is_genuine(client, certificate, settings):
    picture, words = seen_page(bytes(certificate.content))
    address = words_in_picture(picture)
    assert address == f"{settings.SITE_URL}/kursbevis/{certificate.number}/"
    assert address.split("://")[1].rstrip("/") in words.replace(" ", "")
    assert "Kursbeviset är äkta" in client.get(address.removeprefix(settings.SITE_URL)).text


def test_a_corrected_one_says_on_its_page_which_it_replaces(certificate, cast, then):
    new = correct(certificate, cast, then + DAY)
    _picture, words = seen_page(bytes(new.content))
    assert f"Ersätter kursbevis {certificate.number} från" in words
    assert f"Replaces certificate {certificate.number} of" in words
    assert "Ersätter" not in seen_page(bytes(certificate.content))[1]
