import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heard.kit.errors import NotFound
from heard.kit.i18n import speaking
from polls.preview.fitting import cut_at_word, on_x, signs, utf8, utf16, with_short_links
from polls.preview.places import (
    BLUESKY,
    CARD,
    CHAT,
    DISCORD,
    DISCOURSE,
    FORUM,
    LINKEDIN,
    MAIL,
    MASTODON,
    PLACES,
    REDDIT,
    SLACK,
    X,
    place_named,
    preview_in,
)
from polls.publish import links

URL = "https://heard.example.org/p/best-evening"
FAMILY = "👨‍👩‍👧‍👦"


def seen_in(place, *, title="Best evening?", intro="", options=("Monday", "Tuesday"), url=URL, closes=None, opens=None):
    return preview_in(place, title=title, intro=intro, options=options, url=url, closes=closes, opens=opens)


def text_in(place, **poll) -> str:
    return next(p.text for p in seen_in(place, **poll).parts if p.name == "text")


def test_every_place_shows_the_poll_as_it_will_stand_there():
    assert {p.name for p in PLACES} == {"card"} | set(links.PLACES) - {"site", "poster"}
    assert text_in(SLACK) == f"*Best evening?*\n• Monday\n• Tuesday\n<{URL}>"
    assert text_in(DISCORD) == f"**Best evening?**\n• Monday\n• Tuesday\n{URL}"
    assert text_in(FORUM) == f"[b]Best evening?[/b]\n• Monday\n• Tuesday\n[url]{URL}[/url]"
    assert text_in(REDDIT) == f"• Monday\n\n• Tuesday\n\n{URL}"
    for plain in (MASTODON, BLUESKY, X, LINKEDIN, CHAT):
        assert text_in(plain) == f"Best evening?\n• Monday\n• Tuesday\n{URL}"
    assert next((p.name, p.text) for p in seen_in(MAIL).parts) == ("subject", "Best evening?")
    assert [p.text for p in seen_in(CARD).parts] == ["Best evening?", "Monday, Tuesday"]


def test_a_place_is_found_by_its_name_or_not_at_all():
    assert place_named("slack") is SLACK
    with pytest.raises(NotFound):
        place_named("pigeon")


def test_the_closing_day_is_said_in_the_readers_language_and_stays_when_the_rest_is_cut():
    assert "Open until 3 May 2027" in text_in(MASTODON, intro="word " * 500, closes=date(2027, 5, 3))


def test_a_poll_that_will_open_says_when():
    opens, closes = date(2027, 4, 28), date(2027, 5, 3)
    assert "Open from 28 April 2027 on" in text_in(SLACK, opens=opens)
    assert "Open from 28 April 2027 to 3 May 2027" in text_in(SLACK, opens=opens, closes=closes)


def test_a_post_is_also_told_as_its_readers_see_it():
    for place in PLACES:
        for part in seen_in(place, title="<!channel> *x* [b]", intro="@all").parts:
            if part.name == "text":
                head = "" if place.subject else "<!channel> *x* [b]\n"
                assert part.seen == f"{head}@all\n• Monday\n• Tuesday\n{URL}"


def test_x_counts_links_as_23_and_far_scripts_and_emoji_twice():
    assert on_x(f"see {URL}") == 4 + 23
    assert on_x("日本語") == on_x("👍👍👍") == 6
    assert on_x("Grüße, Привет") == 13
    assert on_x("a.co") == 23  # it makes a link of that
    assert seen_in(X, title="日" * 200, options=()).parts[0].over


def test_bluesky_never_counts_fewer_than_we_do():
    assert seen_in(BLUESKY, title=FAMILY, options=()).parts[0].used == len(f"{FAMILY}\n{URL}")


def test_what_does_not_fit_is_cut_at_a_word_and_shown_as_cut():
    (part,) = seen_in(MASTODON, intro="word " * 200 + "end", options=()).parts
    assert part.over
    assert part.used > 500 == part.limit
    assert part.text.endswith(f"word…\n{URL}")
    assert part.cut.endswith("word end")
    assert part.measure == "1,041 of 500 characters"


def test_a_link_counts_as_23_characters_on_mastodon_however_long_it_is():
    short, long = (seen_in(MASTODON, url=f"https://heard.example.org/{'x' * n}").parts[0].used for n in (1, 200))
    assert short == long == len("Best evening?\n• Monday\n• Tuesday\n") + 23


def test_only_what_mastodon_takes_for_a_link_counts_as_one():
    assert with_short_links("https://heard.example.org/p/x.") == 24
    assert with_short_links("see https://a.example, https://b.example!") == len("see , !") + 46
    assert with_short_links("https://localhost/" + "x" * 50) == 68


def test_the_card_on_discord_is_counted_in_bytes():
    _text, title, description = seen_in(DISCORD, title="é" * 40, intro="ü" * 200).parts
    assert (title.used, title.limit, title.unit, title.over) == (80, 67, "bytes", True)
    assert (description.used, description.limit, description.over) == (400, 347, True)
    assert utf8(title.text) <= 67


def test_discourse_asks_for_a_description_that_says_something():
    assert seen_in(DISCOURSE, options=()).notes
    assert not seen_in(DISCOURSE, intro="We meet once a week and look for the evening that suits most of us.").notes


def test_a_long_subject_of_a_mail_is_shown_as_a_phone_shows_it():
    mail = seen_in(MAIL, title="word " * 20)
    assert mail.parts[0].over
    assert len(mail.parts[0].text) <= 60
    assert any("60" in note for note in mail.notes)


def test_a_subject_is_one_line_without_anything_that_ends_a_header():
    assert seen_in(MAIL, title="Hello\r\nBcc: a@example.org\0\u2028x").parts[0].text == "Hello Bcc: a@example.org x"


def test_people_are_told_that_their_at_signs_call_nobody():
    with speaking("en"):
        assert any("“@”" in note for note in seen_in(SLACK, intro="Ask @maya").notes)
        assert seen_in(SLACK, intro="Write to info@example.org").notes == ()


@pytest.mark.parametrize(
    ("place", "words", "shown"),
    [
        (SLACK, "<!channel> & <@U123>", "&lt;!channel&gt; &amp; &lt;@\u200bU123&gt;"),
        (SLACK, "<https://bad.example|good>", "&lt;https://bad.example|good&gt;"),
        (DISCORD, "@everyone <@&12> *x* ||y||", "@\u200beveryone \\<@\u200b&12\\> \\*x\\* \\|\\|y\\|\\|"),
        (DISCORD, "[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        (DISCOURSE, "# big <b>x</b> `y`", "\\# big \\<b\\>x\\</b\\> \\`y\\`"),
        (DISCOURSE, "https://a.example/x_y_z says", "https://a.example/x_y_z says"),
        (DISCOURSE, "1. one\n- two", "1\\. one\n\\- two"),
        (MASTODON, "@maya@example.org hi", "@\u200bmaya@example.org hi"),
        (MASTODON, "info@example.org", "info@example.org"),
        (FORUM, "[url=javascript:alert(1)]x[/url]", "[\u200burl=javascript:alert(1)]x[\u200b/url]"),
        (FORUM, "[img]https://a.example/x.png[/img]", "[\u200bimg]https://a.example/x.png[\u200b/img]"),
        (REDDIT, "ask u/maya or /u/ravi, see /menu/tea", "ask u/\u200bmaya or /u/\u200bravi, see /menu/tea"),
        (REDDIT, "[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        (CHAT, "@everyone", "@\u200beveryone"),
        (MAIL, "@everyone *x* <b>", "@everyone *x* <b>"),
    ],
)
def test_words_of_people_are_neither_markup_nor_a_call(place, words, shown):
    assert shown in text_in(place, intro=words)


NASTY = st.sampled_from(
    ["@everyone", "@here", "<!channel>", "<!here|x>", "<@U1>", "<@&123456789012345678>", "@maya@example.org", "@all", "foo@everyone",
     "https://x.example/@maya", "[x](javascript:1)", "`", "|", "*", "# ", "\n", "\r\n", "&lt;", FAMILY, "🇫🇷🇬🇧", "e\u0301", "👍🏽", "\u202e",
     "1. a", "[url=javascript:1]x[/url]", "[b]", "u/maya", "a.co b.co ", "https://a.example/very_long_path?x=1&y=2", "word ", "@",
     "𝒳" * 30, "a" * 90]
)  # fmt: skip
words = st.one_of(
    st.text(max_size=300), st.lists(NASTY, max_size=60).map("".join), st.lists(NASTY, max_size=60).map(" ".join)
)


@example(title="@everyone", intro="<!channel>\n@maya@example.org", options=["foo@here"])
@given(title=words, intro=words, options=st.lists(words, max_size=8))
def test_nothing_is_over_its_limit_no_call_survives_and_the_link_stays(title, intro, options):
    for place in PLACES:
        preview = preview_in(place, title=title, intro=intro, options=options, url=URL, closes=date(2027, 5, 3))
        for part in preview.parts:
            counts = {"mastodon": with_short_links, "x": on_x, "bluesky": len}
            count = utf8 if part.unit == "bytes" else counts.get(place.name, utf16)
            assert count(part.text) <= part.limit
            assert part.over == bool(part.cut)
            part.text.encode()
            if part.name == "text":
                assert URL in part.text.splitlines()[-1]
                own = part.text.removesuffix(place.link(URL))
                if place is not MAIL:
                    assert not re.search(r"@(everyone|here|channel)|(?<![\w/=])@\w|<@[\w&!]", own)
                if place is FORUM:
                    assert not re.search(r"\[(?!\u200b)", own.replace("[b]", "", 1).replace("[/b]", "", 1))
                if place is SLACK:
                    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", own)


@given(words, st.integers(0, 80), st.sampled_from([utf8, utf16, len]))
def test_a_cut_keeps_whole_signs_and_loses_nothing(text, room, count):
    kept, cut = cut_at_word(text, room, count)
    assert count(kept) <= room
    if not cut:
        assert kept == text.strip()
    elif kept:
        stays = kept.removesuffix("…")
        assert text.strip().startswith(stays)
        assert text.strip()[len(stays) :].strip() == cut
        assert signs(text.strip())[: len(signs(stays))] == signs(stays)


def test_a_sign_of_several_parts_is_one():
    assert signs(f"a{FAMILY}🇫🇷🇬🇧e\u0301👍🏽1️⃣") == ["a", FAMILY, "🇫🇷", "🇬🇧", "e\u0301", "👍🏽", "1️⃣"]
    assert cut_at_word(f"{FAMILY}{FAMILY}", 13, utf16) == (f"{FAMILY}…", FAMILY)
