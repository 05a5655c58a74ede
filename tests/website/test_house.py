"""The guards of the floor plan: imports go down, foreign keys go down."""

from django.apps import apps

LAYERS = [["workshops", "insight"], ["journeys", "courses"], ["guide"], ["letters"], ["people"], ["shared"]]
ROOMS = {room: depth for depth, rooms in enumerate(LAYERS) for room in rooms}


def test_every_foreign_key_goes_down_or_stays_in_its_room():
    wrong = []
    seen = 0
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or target._meta.app_label not in ROOMS:
                continue
            seen += 1
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and ROOMS[there] <= ROOMS[here]:
                wrong.append(f"{here}.{model.__name__}.{field.name} → {there}")
    assert wrong == []
    assert seen > 30
