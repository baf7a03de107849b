"""The job of rewording; the asking stands in rewording.py."""

from heard.kit import work
from insights.write import rewording


@work.handles("reword")
def reword(brief_id: int) -> None:
    """Have a language model reword a draft, sentence by sentence."""
    rewording.reword(brief_id)
