"""How a rule of the house says no."""


class RuleBroken(Exception):  # noqa: N818 - the word of the house, read aloud: "except RuleBroken"
    """An act that the rules do not allow.

    `sentence` is shown to the person as it stands (translated); `code` is stable and goes to the API.
    """

    def __init__(self, sentence: str, *, code: str = "rule_broken") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)
