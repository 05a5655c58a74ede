from people.models.organisation import Employment, Unit
from people.models.person import Person
from people.models.token import ApiToken
from people.models.told_apart import ToldApart

__all__ = ["ApiToken", "Employment", "Person", "ToldApart", "Unit"]
