"""The shapes in which the API tells of the guide's pages."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from guide.linked_data import plain
from guide.models import MethodPage
from guide.queries import address, related_methods


class PageSerializer(serializers.Serializer):
    key = serializers.UUIDField(source="translation_key", help_text="Stable: survives a rename, a move, a translation.")
    language = serializers.SerializerMethodField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Where people read it.")
    changed_at = serializers.DateTimeField(source="last_published_at", allow_null=True)

    def get_language(self, _page: Any) -> str:
        return self.context["language"]

    def get_url(self, page: Any) -> str:
        return settings.SITE_URL + address(page.url_path, language=self.context["language"])


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class LinesField(serializers.Field):
    """Short lines, in the editor's order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> list[str]:
        return [str(line.value) for line in value]


class StepSerializer(PageSerializer):
    number = serializers.IntegerField()
    aim = serializers.CharField()
    questions = LinesField()
    results = LinesField()
    mistakes = LinesField()
    way_back = serializers.CharField()
    source = serializers.URLField(source="external_link", help_text="SKR's own page about the step, or empty.")


class StepInBriefSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    key = serializers.UUIDField()


class MethodInBriefSerializer(PageSerializer):
    lead = serializers.CharField()
    step = serializers.SerializerMethodField()
    minutes = serializers.IntegerField()
    people_from = serializers.IntegerField()
    people_to = serializers.IntegerField(allow_null=True, help_text="null: any number.")
    remote = serializers.BooleanField(source="can_be_remote")
    in_room = serializers.BooleanField(source="can_be_in_room")
    preparation = serializers.BooleanField(
        source="needs_preparation", help_text="Whether something must be done beforehand."
    )
    origin = serializers.ChoiceField(choices=MethodPage.Origin.choices)

    @extend_schema_field(StepInBriefSerializer(allow_null=True))
    def get_step(self, method: MethodPage) -> dict[str, Any] | None:
        stop = next((stop for stop in self.context["view"].stops if method.path.startswith(stop.path)), None)
        return {"number": stop.number, "name": stop.name, "key": str(stop.key)} if stop else None


class ExerciseStepSerializer(serializers.Serializer):
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    text = serializers.CharField(help_text="The words alone.")
    html = serializers.CharField(help_text="With lists and links.")


class WorksheetBoxSerializer(serializers.Serializer):
    label = serializers.CharField()
    hint = serializers.CharField()
    height = serializers.IntegerField(help_text="In rows of the sheet.")
    is_wide = serializers.BooleanField(help_text="As wide as the sheet.")


class WorksheetSerializer(serializers.Serializer):
    title = serializers.CharField()
    intro = serializers.CharField()
    columns = serializers.IntegerField()
    boxes = WorksheetBoxSerializer(many=True)


class RelatedSerializer(serializers.Serializer):
    key = serializers.UUIDField()
    title = serializers.CharField()


class MethodSerializer(MethodInBriefSerializer):
    why = serializers.CharField()
    when_to_use = serializers.CharField()
    to_prepare = serializers.CharField(source="preparation", help_text="What to do beforehand.")
    material = LinesField()
    steps = serializers.SerializerMethodField()
    tips = LinesField()
    in_the_room = serializers.CharField(source="in_room", help_text="How to set up the room.")
    at_a_distance = serializers.CharField(source="remote", help_text="What to do differently at a distance.")
    accessibility = serializers.CharField()
    worksheets = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField()
    source = serializers.URLField(source="external_link")

    @extend_schema_field(ExerciseStepSerializer(many=True))
    def get_steps(self, method: MethodPage) -> list[dict[str, Any]]:
        return [
            {
                "title": block.value["title"],
                "minutes": block.value["minutes"],
                "text": plain(block.value["text"].source),
                "html": block.value["text"].source,
            }
            for block in method.steps
        ]

    @extend_schema_field(WorksheetSerializer(many=True))
    def get_worksheets(self, method: MethodPage) -> list[dict[str, Any]]:
        words = ("title", "intro", "columns")
        boxes = ("label", "hint", "height", "is_wide")
        return [
            {name: block.value[name] for name in words}
            | {"boxes": [{name: box[name] for name in boxes} for box in block.value["boxes"]]}
            for block in method.worksheets
        ]

    @extend_schema_field(RelatedSerializer(many=True))
    def get_related(self, method: MethodPage) -> list[dict[str, Any]]:
        return [{"key": str(link.key), "title": link.title} for link in related_methods(method)]


class TermSerializer(PageSerializer):
    explanation = serializers.CharField()
    also_called = serializers.SerializerMethodField(help_text="Other words for the same.")

    def get_also_called(self, term: Any) -> list[str]:
        return [word.strip() for word in term.also_called.split(",") if word.strip()]


class CaseSerializer(PageSerializer):
    lead = serializers.CharField()
    administration = serializers.CharField()
    happened_on = serializers.DateField(allow_null=True)
    challenge = serializers.CharField()
    learnt = serializers.CharField()
    changed = serializers.CharField()
    published_at = serializers.DateTimeField(source="first_published_at", allow_null=True)
