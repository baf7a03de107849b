"""Snippets, compose links and codes: escaped for where they go, and never a link other than ours."""

import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from heard.kit.errors import BadInput
from heard.kit.i18n import speaking
from polls.publish import codes, links
from polls.publish.sharing import integrity_sentence
from polls.publish.snippets import (
    LONGEST_MAILTO,
    UNFOLDS,
    Told,
    compose,
    frame,
    frame_script,
    html_link,
    markdown_link,
    server_name,
    snippet,
)

BASE = "http://127.0.0.1:8000"
LINK = f"{BASE}/l/abc~def"
TITLES = [
    "Best day",
    "Tools & Sundays",
    'A "quoted" <b>bold</b> title',
    "[click](javascript:alert(1))",
    r"back\slash \] tail",
    "*bold* _it_ `code` ~~gone~~ | # !",
    "![img](x) <script>alert(1)</script> &lt;b&gt; &#60;",
    "two\nlines",
    "أين نلتقي؟",
    "snake_case and 2*3*4",
]


@pytest.mark.parametrize("title", [*TITLES, "@everyone [b]x[/b] <!channel>"])
def test_links_show_the_title_as_words_and_lead_where_they_should(title):
    flat = " ".join(title.split())
    for page in (html_link(title, LINK), MarkdownIt("commonmark").render(markdown_link(title, LINK))):
        assert re.findall(r'href="([^"]*)"', page) == [LINK]
        assert text_of(page).replace("\u200b", "") == flat
        assert set(re.findall(r"<(\w+)", page)) == {"p", "a"}
    made = frame(BASE, "best-day", title, "abc~def")
    assert re.findall(r"<(\w+)", made) == ["iframe"]
    assert re.findall(r' src="([^"]*)"', made) == [f"{BASE}/e/best-day?via=abc~def"]
    assert html.unescape(re.findall(r' title="([^"]*)"', made)[0]) == flat
    assert frame_script(BASE) == f'<script async src="{BASE}/embed.js"></script>'


def text_of(page):
    """What a reader sees of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", page)).strip()


def told(**more):
    return Told(**{"title": "Best day?", "intro": "", "locale": "en", "options": ["Monday", "Tuesday"]} | more)


def test_every_place_has_its_text_and_the_big_ones_a_card():
    for place in (*links.PLACES, links.OTHER):
        made = snippet(place, told(), LINK)
        assert (LINK in made.text) == (place not in ("site", "poster"))
        assert bool(made.card) == (place in UNFOLDS)
    assert snippet("slack", told(), LINK).card == ("Best day?", "Monday, Tuesday")
    assert snippet("mail", told(title="word " * 30), LINK).subject == ("word " * 30).strip()  # it is pasted whole


def test_a_text_speaks_the_language_of_the_poll_and_its_notes_that_of_the_manager():
    with speaking("en"):
        made = snippet("mastodon", told(locale="fr", closes=__import__("datetime").date(2027, 5, 3)), LINK)
    assert "3 mai 2027" in made.text
    assert "Every link counts as 23 characters, however long it is." in made.post.notes


TEXT = "Tea & cake #1: 100% + “yes”?\n• ☕ 👨‍👩‍👧\nhttp://127.0.0.1:8000/l/abc~def"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("place", "host", "path"),
    [
        ("x", "x.com", "/intent/post"),
        ("bluesky", "bsky.app", "/intent/compose"),
        ("mastodon", "mastodon.social", "/share"),
    ],
)
@given(text=words)
def test_a_compose_link_carries_exactly_the_text(place, host, path, text):
    for whole in (TEXT, text):
        made = urlsplit(compose(place, "", whole, LINK, "mastodon.social"))
        assert (made.scheme, made.netloc, made.path, made.fragment) == ("https", host, path, "")
        assert parse_qs(made.query, keep_blank_values=True, errors="strict") == {"text": [whole]}


def test_linkedin_takes_the_link_and_reddit_a_title_too():
    shared = urlsplit(compose("linkedin", "", TEXT, LINK))
    assert (shared.netloc, shared.path) == ("www.linkedin.com", "/sharing/share-offsite/")
    assert parse_qs(shared.query) == {"url": [LINK]}
    posted = urlsplit(compose("reddit", "Tea & cake #1", TEXT, LINK))
    assert (posted.netloc, posted.path) == ("www.reddit.com", "/submit")
    assert parse_qs(posted.query) == {"url": [LINK], "title": ["Tea & cake #1"]}


@given(subject=words, text=words)
def test_a_mail_has_this_subject_and_this_text_and_no_other_header(subject, text):
    made = compose("mail", subject, text, LINK)
    if made:
        head, _sep, query = made.partition("?")
        assert head == "mailto:"
        fields = [part.split("=") for part in query.split("&")]
        assert [name for name, _value in fields] == ["subject", "body"]
        assert unquote(fields[0][1]) == subject
        assert unquote(fields[1][1]).replace("\r\n", "\n") == text.replace("\r\n", "\n")
    else:
        assert len(text) > LONGEST_MAILTO / 20


def test_what_a_mail_program_may_not_take_has_no_button():
    assert compose("mail", "Best day?", "x" * LONGEST_MAILTO, LINK) == ""
    assert compose("chat", "", TEXT, LINK) == compose("mastodon", "", TEXT, LINK) == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("mastodon.social", "mastodon.social"),
        (" https://Mastodon.Social/ ", "mastodon.social"),
        ("social.example.co.uk", "social.example.co.uk"),
        ("grün.example", "xn--grn-ioa.example"),
    ],
)
def test_a_server_is_taken_as_it_is_typed_or_pasted(typed, name):
    assert server_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "evil.com/@x", "javascript:alert(1)", "javascript:alert(1)//.com", "a@evil.com", "evil.com?x", "evil.com#x",
        "evil.com\r\nX: y", "evil.com\n", "evil .com", "evil.com:8080", "//evil.com", "http://evil.com", "evil", "1.2.3.4", "-a.com",
        "a-.com", ".com", "a..com", "[::1]", "a" * 64 + ".com", "a." * 130 + "com", "evil.com\\@x", "\u202e.com", "evil.com\0", "x.c",
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_server_is_refused_at_its_field(typed):
    with pytest.raises(BadInput) as refused:
        server_name(typed)
    assert list(refused.value.fields) == ["server"]


def test_a_code_is_large_enough_for_print_and_says_the_link():
    png = codes.qr(LINK, "png")
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert width == height >= 1000
    code = segno.make(LINK, error="q", micro=False)
    assert width % code.symbol_size(border=codes.QUIET)[0] == 0
    svg = codes.qr(LINK, "svg").decode()
    assert "<svg" in svg
    assert not re.search("style|class|script", svg)
    side = code.symbol_size(scale=8, border=codes.QUIET)[0]
    assert f'width="{side}" height="{side}"' in svg
    assert re.findall(r' d="([^"]+)"', svg)[-1] == re.findall(r' d="([^"]+)"', _drawn(code))[-1]


def _drawn(code):
    return code.svg_inline(scale=8, border=codes.QUIET, dark="#000", light="#fff")


def test_every_rule_has_a_sentence():
    from polls.models import VOTER_RULES

    assert len({integrity_sentence(rule) for rule in VOTER_RULES}) == len(VOTER_RULES)


def test_a_title_turns_nothing_around_where_it_is_pasted():
    turned = "a\u202egnp.exe\u2066 b\u2028c\x07"
    told = Told(turned, turned, "en")
    pasted = [html_link(turned, BASE), markdown_link(turned, BASE), frame(BASE, "day", turned, "tok")]
    for place in (*links.PLACES, "other"):
        made = snippet(place, told, BASE)
        pasted += [made.text, made.subject] if place != "site" and place != "poster" else []
        pasted.append(unquote(compose(place, made.subject, made.text, BASE, "mastodon.example")))
    assert [words for words in pasted if any(sign in words for sign in "\u202e\u2066\u2028\x07")] == []
