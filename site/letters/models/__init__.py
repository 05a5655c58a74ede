from letters.models.letter import Attachment, Letter

__all__ = ["Attachment", "Letter"]
