"""Questions whose SQL is written once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection, models

from shared.ready import Given, Ready, among


def _named() -> Ready:
    return Ready(lambda: Group.objects.filter(name__startswith=Given("start", models.CharField())).order_by("name"))


@pytest.mark.django_db
def test_a_ready_question_answers_what_is_there_each_time():
    question = _named()
    assert question.ask(start="ready-") == []
    first = Group.objects.create(name="ready-1")
    assert question.ask(start="ready-") == [first]
    first.name = "ready-0"
    first.save()
    assert [group.name for group in question.ask(start="ready-")] == ["ready-0"]
    first.delete()
    assert question.ask(start="ready-") == []


@pytest.mark.django_db
def test_only_what_is_given_differs():
    Group.objects.create(name="ready-1")
    Group.objects.create(name="100% ready'")
    question = _named()
    assert [group.name for group in question.ask(start="ready")] == ["ready-1"]
    assert [group.name for group in question.ask(start="100%")] == ["100% ready'"]
    assert question.ask(start="%") == []


@pytest.mark.django_db
def test_rows_and_prefetches_come_as_from_the_queryset(django_assert_num_queries):
    group = Group.objects.create(name="ready-1")
    rows = Ready(lambda: Group.objects.filter(pk=Given("pk", models.IntegerField())).values_list("name", "pk"))
    assert rows.ask(pk=group.pk) == [("ready-1", group.pk)]
    objects = Ready(lambda: Group.objects.filter(pk=Given("pk", models.IntegerField())).prefetch_related("permissions"))
    with django_assert_num_queries(2):
        assert [list(each.permissions.all()) for each in objects.ask(pk=group.pk)] == [[]]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection():
    question = Ready(lambda: Group.objects.filter(name=Given("name", models.CharField())).values_list("name"))

    def ask(number: int) -> list[tuple[str]]:
        try:
            return question.ask(name=f"nobody-{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(16))) == [[]] * 16


@pytest.mark.django_db
def test_what_is_not_given_may_hold_percent_signs_and_quotes():
    name, start = "100% o'ready", Given("start", models.CharField())
    Group.objects.create(name=name)
    question = Ready(lambda: Group.objects.filter(name__startswith=start, name__endswith="% o'ready"))
    assert [group.name for group in question.ask(start="100")] == [name]
    assert question.ask(start="%") == []


@pytest.mark.django_db
def test_nothing_of_a_value_is_cut_off_to_fit_its_column():
    Group.objects.create(name="ready")
    question = Ready(lambda: Group.objects.filter(name=Given("name", models.CharField(max_length=5))))
    assert question.ask(name="ready and more") == []


@pytest.mark.django_db
def test_a_kept_connection_has_a_question_planned_once_whatever_is_given():
    question = Ready(
        lambda: Group.objects.filter(among("id", "groups"), name__gt=Given("after", models.CharField()), name__lt="~")
    )
    first = Group.objects.create(name="ready-1")
    connection.connection.prepare_threshold = 0
    try:
        assert question.ask(groups=[first.pk], after="a") == [first]
        assert question.ask(groups=[first.pk, 2**40], after="ö") == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%auth_group%%'")
            assert len(cursor.fetchall()) == 1
    finally:
        connection.connection.prepare_threshold = None
