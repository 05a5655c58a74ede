"""What rooms tell each other without knowing each other: small registries of the lower room, filled here."""


def join_rooms() -> None:
    """Fill the registries. Called once, when every room is loaded."""
