from people.models.organisation import Employment, Unit
from people.models.person import Person
from people.models.token import ApiToken

__all__ = ["ApiToken", "Employment", "Person", "Unit"]
