"""The picture itself: its size, its words, what changes its version."""

import struct
from dataclasses import replace

import pytest

from feedback.cards.card import Card, Row, _as_drawn, cut, description, preview_of
from heard.kit import glyphs

LONG = ("Which of the days in the coming season would be best for all of us who come by bicycle? " * 3)[:200]
PLAIN = Card("The Quiet Garden", "Where shall we meet?", "en", "#0b5d63", mark="circle", foot="Choose one",
             rows=(Row("Library"), Row("Café"), Row("Town hall")))  # fmt: skip
BARS = replace(
    PLAIN, mark="", foot="112 responses", rows=(Row("Library", "64 · 57%", 0.57, True), Row("Café", "48 · 43%", 0.43))
)
KANJI = "静かな庭でみんなに一番いい日はいつでしょうか。" * 9


def signs(count: int, first: int) -> str:
    """Chinese signs, none twice: what a picture packs worst."""
    return "".join(chr(0x4E00 + (first + n) * 23 % 0x51A0) for n in range(count))


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


@pytest.mark.parametrize(
    "card",
    [
        PLAIN,
        BARS,
        replace(PLAIN, title=LONG),
        replace(BARS, title=LONG, of=9, before=LONG, state="Open until 30 November 2026"),
        replace(PLAIN, title="W" * 200, community="W" * 120, rows=(Row("W" * 200),), foot="W" * 200),
        replace(PLAIN, title=KANJI[:200], rows=tuple(Row(KANJI) for _n in range(4)), foot=KANJI),
        replace(PLAIN, title=KANJI[:200], text=KANJI * 5, rows=(), before=KANJI, before_head="You said", head="We did"),
        replace(
            BARS, title=signs(200, 0), community=signs(60, 200), before=signs(200, 300), state=signs(30, 500), of=9,
            foot=signs(80, 600), rows=tuple(Row(signs(200, 700 + 200 * n), "12 · 30 %", 0.3) for n in range(4)),
        ),
        replace(PLAIN, title="أين نلتقي هذا الأسبوع في Berlin؟", rows=(Row("المكتبة"), Row("Café"))),
        replace(BARS, title="היכן ניפגש השבוע?", rows=(Row("ספרייה", "12", 0.4), Row("a" * 90, "18", 0.6, True))),
        replace(BARS, scale=True, rows=tuple(Row(f"Step {n} " + "x" * 40, str(n), n / 15) for n in range(1, 6))),
        replace(PLAIN, title="🎉🎉", community="🎉", rows=(Row("👍"),), foot="", mark=""),
        replace(PLAIN, title="", rows=(), foot="", accent=""),
        replace(PLAIN, title="a" + "\u0301" * 199),
        replace(PLAIN, accent="#ffff00"),
    ],
)  # fmt: skip
def test_every_card_is_a_picture_of_1200_by_630_in_100_kb(card):
    picture = card.draw()
    assert size_of(picture) == (1200, 630)
    assert len(picture) <= 100_000


@pytest.mark.parametrize(
    "text", ['#read("/etc/passwd")', "#panic()", "*bold* _it_ $x$ `raw` <label> @ref \\ // /* ", "]}"]
)
def test_markup_is_printed_as_it_stands(text):
    """Read as source, these would fail or vanish; and each is another picture."""
    card = Card(text, text, "en", "", before=text, head=text, foot=text, state=text, rows=(Row(text, text),))
    assert _as_drawn(card)["title"] == {"words": text.strip(), "rtl": False}
    assert size_of(card.draw()) == (1200, 630)
    assert card.draw() != replace(card, title="").draw()


def test_the_version_changes_exactly_with_what_is_drawn():
    assert (
        PLAIN.version
        == replace(PLAIN).version
        == replace(PLAIN, alt="Other words for it", title=PLAIN.title + " 🎉").version
    )
    others = [
        replace(PLAIN, **{name: "Other"})
        for name in ("community", "title", "state", "before", "head", "text", "foot", "mark")
    ]
    others += [replace(PLAIN, accent="#7a1f5c"), replace(PLAIN, of=9), replace(PLAIN, rows=PLAIN.rows[:2]), BARS]
    assert len({PLAIN.version, *(card.version for card in others)}) == 1 + len(others)


def test_the_same_card_is_the_same_picture():
    assert PLAIN.draw() == replace(PLAIN).draw()


def test_emoji_are_left_out_and_a_title_of_emoji_gives_way_to_the_community():
    with_emoji = replace(PLAIN, title="🎉 Where shall we meet? 🎉")
    assert with_emoji.draw() == PLAIN.draw()
    drawn = _as_drawn(replace(PLAIN, title="🎉🎉"))
    assert (drawn["title"]["words"], drawn["community"]) == ("The Quiet Garden", None)


def test_each_text_runs_its_own_way():
    drawn = _as_drawn(replace(PLAIN, title="أين نلتقي؟", rows=(Row("المكتبة"), Row("Café"))))
    assert drawn["title"]["rtl"]
    assert [row["label"]["rtl"] for row in drawn["rows"]] == [True, False]
    assert not drawn["community"]["rtl"]


def test_without_the_font_of_east_asia_the_address_is_another(monkeypatch):
    from feedback.cards import card

    with_it = PLAIN.version
    card._drawing.cache_clear()
    monkeypatch.setattr(glyphs, "find_cjk", lambda: None)
    assert PLAIN.version != with_it
    card._drawing.cache_clear()


def test_a_description_is_long_enough_and_ends_at_a_word():
    assert description(
        ["", "Short.", "A second sentence that makes it long enough for every place it goes to.", "Unused."]
    ) == ("Short. A second sentence that makes it long enough for every place it goes to.")
    long = description(["word " * 100])
    assert len(long) <= 200
    assert long.endswith("word…")
    assert cut("x" * 500, 100) == "x" * 99 + "…"


def test_the_name_of_a_site_fits_discord():
    card = replace(PLAIN, community="é" * 120 + "漢" * 60)
    told = preview_of(card, title="T", told=["D"], address="http://x/p/a", image="http://x/p/a/card.png?lang=en")
    assert len(told.site_name.encode()) <= 253
    assert told.image == f"http://x/p/a/card.png?lang=en&v={card.version}"
