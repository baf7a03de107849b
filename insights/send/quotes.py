"""A wording without people's own words: what goes out when nobody has read the brief before its hour. Pure."""

from typing import Any


def without_quotes(tree: dict[str, Any]) -> dict[str, Any]:
    """The frozen wording of a brief with no quote in it, nor the sentence that leads to one. The tree itself stays as it is.

    A quote stands under "quote" (with "wrote", who said it) or in the list "quotes"; this is so in both audiences.
    """
    emptied: dict[str, Any] = {"quote": None, "wrote": None, "quotes": [], "voices": []}
    return {name: emptied[name] if name in emptied else _within(child) for name, child in tree.items()}


def _within(child: Any) -> Any:
    if isinstance(child, dict):
        return without_quotes(child)
    return [_within(one) for one in child] if isinstance(child, list) else child
