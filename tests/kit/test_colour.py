import re
from pathlib import Path

import pytest

from heard.kit import colour
from heard.kit.colour import accent_colours, contrast

CSS = (Path(__file__).resolve().parents[2] / "templates/assets/app.css").read_text()
WISHES = ["#ffcc00", "#ffffff", "#000000", "#ff0000", "#777777", "#0b5d63", "#00ff88", "#123456", "#fefefe", "#8a2be2"]


def tokens(text: str) -> dict[str, str]:
    """The colours of a :root block."""
    return dict(re.findall(r"--([a-z-]+\d?): (#[0-9a-f]{6}|#fff)\b", text))


LIGHT = tokens(CSS.split("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | tokens(CSS.split("@media (prefers-color-scheme: dark)")[1].split("*, ::before")[0])


def full(value: str) -> str:
    return "#ffffff" if value == "#fff" else value


def test_black_on_white_has_the_highest_contrast():
    assert (contrast("#000000", "#ffffff"), contrast("#abcdef", "#abcdef")) == (21.0, 1.0)


def test_a_known_pair_has_the_ratio_of_the_guideline():
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("wish", WISHES)
def test_every_accent_can_be_read_on_our_surfaces_and_under_its_words(wish):
    own = accent_colours(wish)
    pairs = [(own.light, s) for s in (*colour.LIGHT_SURFACES, own.soft_light, own.on_light)]
    pairs += [(own.dark, s) for s in (*colour.DARK_SURFACES, own.soft_dark, own.on_dark)]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_a_readable_accent_stays_as_it_is():
    assert accent_colours("#0B5D63")[0] == "#0b5d63"
    assert accent_colours("#0b5d63").adjusted is False


def test_an_unreadable_accent_is_moved_and_that_is_said():
    assert accent_colours("#ffcc00").adjusted is True


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#0b5d63;}", "#0b5d63\n", "＃0b5d63"])
def test_what_is_no_colour_becomes_the_colour_of_the_house(text):
    assert accent_colours(text)[:6] == accent_colours(colour.HOUSE)[:6]


def test_contrast_refuses_what_is_no_colour():
    with pytest.raises(ValueError, match="not a colour"):
        contrast("red", "#ffffff")


def test_the_surfaces_are_those_of_the_style_sheet():
    assert (full(LIGHT["paper"]), full(LIGHT["card"])) == colour.LIGHT_SURFACES
    assert (full(DARK["paper"]), full(DARK["card"])) == colour.DARK_SURFACES
    assert LIGHT["accent"] == colour.HOUSE


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        *((words, surface) for words in ("ink", "muted", "accent", "warm", "red") for surface in ("paper", "card")),
        ("on-accent", "accent"), ("ink", "accent-soft"), ("accent", "accent-soft"), ("muted", "accent-soft"),
        ("ink", "warm-soft"), ("warm", "warm-soft"), ("ink", "red-soft"), ("red", "red-soft"),
    ],
)  # fmt: skip
def test_words_of_the_house_can_be_read(scheme, front, back):
    assert contrast(full(scheme[front]), full(scheme[back])) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shape", ["edge", "accent"])
def test_shapes_of_the_house_can_be_seen(scheme, shape):
    assert min(contrast(full(scheme[shape]), full(scheme[s])) for s in ("paper", "card")) >= 3


def test_the_style_sheet_stays_small():
    """With page and script a ballot must stay under 50 kB; what only some pages need has a sheet of its own."""
    assert len(CSS.encode()) <= 26_500
