"""Short codes that are read from a wall or aloud, and typed."""

# Not mistaken for each other: no 0/O, 1/I/L, 5/S, 2/Z, U/V.
SIGNS = "ABCDEFGHJKMNPQRTWXY346789"


def tidy_code(typed: str) -> str:
    """A code as it was meant: capitals, without the spaces and dashes people put in."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:20]
