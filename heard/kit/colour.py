"""A community's own colour, made readable on our paper by light and by dark. Pure: values in, values out."""

import re
from functools import lru_cache
from typing import NamedTuple

# The surfaces of templates/assets/app.css that the accent stands on, and the accent of the house.
LIGHT_SURFACES = ("#fbfaf6", "#ffffff")
DARK_SURFACES = ("#141a1a", "#1b2323")
HOUSE = "#0b5d63"
TEXT = 4.5  # least contrast of text, WCAG 2.2 AA
_STEPS = 50

Rgb = tuple[int, int, int]


class Accent(NamedTuple):
    """Colours as #rrggbb: the accent, what is written on it, and a wash of it, by light and by dark."""

    light: str
    on_light: str
    soft_light: str
    dark: str
    on_dark: str
    soft_dark: str
    adjusted: bool  # the colour that was asked for could not be read by light and was moved


def is_colour(text: str) -> bool:
    """Whether this is #rrggbb and nothing else."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 (the same) to 21 (black on white).

    Raises ValueError for what is not #rrggbb. Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def accent_colours(wish: str) -> Accent:
    """The nearest readable colours to `wish`; the house's own when `wish` is not a colour.

    Each keeps 4.5 : 1 as text on our surfaces and on its own wash, and 4.5 : 1 for the words on a button of it.
    """
    start = wish.lower() if is_colour(wish) else HOUSE
    light, soft_light = _readable(start, LIGHT_SURFACES, "#000000")
    dark, soft_dark = _readable(start, DARK_SURFACES, "#ffffff")
    return Accent(light, _on(light), soft_light, dark, _on(dark), soft_dark, light != start)


def _readable(colour: str, surfaces: tuple[str, ...], towards: str) -> tuple[str, str]:
    """The colour moved towards black or white as little as needed, and its wash on the card's surface."""
    for step in range(_STEPS + 1):
        moved = _mix(colour, towards, step / _STEPS)
        wash = _mix(surfaces[-1], moved, 0.1)
        if min(contrast(moved, surface) for surface in (*surfaces, wash)) >= TEXT:
            break
    return moved, wash


def _on(colour: str) -> str:
    """White or near-black, whichever reads better on the colour. One of them always passes 4.5 : 1."""
    return max("#ffffff", "#06100f", key=lambda words: contrast(words, colour))


def _mix(one: str, other: str, share: float) -> str:
    """`share` (0..1) of the other colour in the one."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> Rgb:
    if not is_colour(colour):
        raise ValueError(f"not a colour: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
