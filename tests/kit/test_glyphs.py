"""What can be drawn is kept, what cannot is left out cleanly, and each text runs its own way."""

import pytest

from heard.kit import glyphs


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Where shall we meet?", "Where shall we meet?"),
        ("Party 🎉!", "Party!"),
        ("A 🎉 – B", "A – B"),
        ("Hi 🎉there", "Hi there"),
        ("one🎉two", "onetwo"),
        ("🎉🎉🥳", ""),
        ("A family: 👩‍👩‍👧‍👦 and a flag 🇫🇷", "A family: and a flag"),
        ("Salut 🎉 !", "Salut !"),
        ("© ™ € → ≠", "© ™ € → ≠"),
        ("Ελλάδα, Россия, देवनागरी", "Ελλάδα, Россия, देवनागरी"),
        ("أين نلتقي؟", "أين نلتقي؟"),
        ("היכן ניפגש?", "היכן ניפגש?"),
        ("می‌خواهم", "می‌خواهم"),
        ("turned \u202earound", "turned around"),
        ("สวัสดี hello", "hello"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 3),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_no_font_has_is_left_out(text, drawn):
    assert glyphs.drawable(text) == drawn
    assert glyphs.drawable(drawn) == drawn


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("Meet", False),
        ("أين", True),
        ("היכן", True),
        ("12 أين", True),
        ("Café أين", False),
        ("123", False),
        ("", False),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text, rtl):
    assert glyphs.is_rtl(text) is rtl


@pytest.mark.parametrize(
    ("text", "font"), [("どこで会いますか", "JP"), ("어디서 만날까요", "KR"), ("我们在哪里见面", "SC")]
)
def test_the_font_of_east_asia_is_taken_where_it_is_needed(text, font):
    assert glyphs.drawable(text) == text
    assert f"Noto Sans CJK {font}" in glyphs.families(text)
    assert not any("CJK" in name for name in glyphs.families("Meet, أين, היכן → 🎉"))


def test_without_the_extra_it_is_left_out(monkeypatch):
    monkeypatch.setattr(glyphs, "find_cjk", lambda: None)
    for remembered in (glyphs._cjk, glyphs._is_drawn):
        remembered.cache_clear()
    try:
        assert glyphs.drawable("Meet どこで there") == "Meet there"
        assert not any("CJK" in name for name in glyphs.families("Meet どこで there"))
    finally:
        for remembered in (glyphs._cjk, glyphs._is_drawn):
            remembered.cache_clear()


def test_a_long_text_of_gaps_comes_to_an_end():
    """An expression that goes back and forth would take hours for this."""
    assert glyphs.drawable(" 🎉\u200d" * 20_000 + " " * 20_000 + "x") == "x"
