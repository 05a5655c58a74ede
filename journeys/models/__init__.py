from journeys.models.journey import Journey, JourneyMember, Persona
from journeys.models.map import Lane, Note, Phase, Step
from journeys.models.operation import Operation

__all__ = ["Journey", "JourneyMember", "Lane", "Note", "Operation", "Persona", "Phase", "Step"]
