"""oEmbed: for whom there is an answer, what it holds, and what everybody else is told."""

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from heard.kit.db import writing
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.preview.heights import height_in_frame
from polls.publish import framing
from tests.feedback.voting import n_of

BASE = "http://127.0.0.1:8000"
TITLE = 'Tea & <coffee> "café" \x1b'


def ask(client, url, **more):
    return client.get("/oembed", params={"url": url, **more})


def page_of(poll):
    return f"{BASE}/p/{poll.slug}"


def test_a_poll_is_a_link_and_a_frame(world, client):
    poll = world.open_poll(title=TITLE)
    answer = ask(client, page_of(poll))
    made = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"].startswith("public")
    assert "set-cookie" not in answer.headers
    assert (made["version"], made["type"]) == ("1.0", "rich")
    assert (made["title"], made["author_name"], made["provider_url"]) == (TITLE, "The Quiet Garden", BASE)
    assert (made["width"], 200 <= made["height"] <= 1000) == (600, True)
    flat = "Tea &amp; &lt;coffee&gt; &quot;café&quot;"
    assert made["html"].startswith(f'<blockquote><a href="{page_of(poll)}">{flat}')
    assert f'<iframe src="{BASE}/e/{poll.slug}" title="{flat}' in made["html"]
    assert f'width="600" height="{made["height"]}"' in made["html"]
    assert "<script" not in made["html"]
    assert made["thumbnail_url"] == f"{page_of(poll)}/card.png"
    assert (made["thumbnail_width"], made["thumbnail_height"]) == (1200, 630)


def test_xml_says_the_same_and_is_well_formed_whatever_the_title(world, client):
    poll = world.open_poll(title=TITLE)
    answer = ask(client, page_of(poll), format="xml")
    root = ET.fromstring(answer.content)
    assert answer.headers["content-type"].startswith("text/xml")
    assert root.tag == "oembed"
    made = ask(client, page_of(poll)).json()
    assert {node.tag: node.text for node in root} == {k: str(v).replace("\x1b", "\ufffd") for k, v in made.items()}


@pytest.mark.parametrize(
    "way", ["/p/{}", "/p/{}/results", "/e/{}", "/p/{}?via=nobody&t=secret", "/p/{}#results", "/p/%62{}"]
)
def test_every_address_of_a_poll_gives_the_same(world, client, way):
    poll = world.open_poll(title="Best day")
    way = way.format(poll.slug[1:] if "%62" in way else poll.slug)
    assert ask(client, BASE + way).json() == ask(client, page_of(poll)).json()


def test_a_tracked_link_is_kept_in_the_frame_and_counts_no_visit(world, client):
    poll = world.open_poll()
    token = world.link(poll, "site").token
    for url in (f"{BASE}/l/{token}", f"{page_of(poll)}?via={token}", f"{BASE}/e/{poll.slug}?via={token}"):
        html = ask(client, url).json()["html"]
        assert f'src="{BASE}/e/{poll.slug}?via={token}"' in html
        assert f'href="{page_of(poll)}?via={token}"' in html


def test_a_translated_poll_keeps_the_language_of_its_link(world, client):
    words = {"fr": {"Best day": "Le meilleur jour", "Which one suits you?": "Lequel ?", "Yes": "Oui", "No": "Non"}}
    poll = world.open_poll(title="Best day", translations=words)
    made = ask(client, f"{page_of(poll)}?lang=fr").json()
    assert made["title"] == "Le meilleur jour"
    assert f"/e/{poll.slug}?lang=fr" in made["html"]
    assert ask(client, f"{page_of(poll)}?lang=xx").json()["title"] == "Best day"


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"maxwidth": "320"}, (320, None)), ({"maxwidth": "5000", "maxheight": "5000"}, (600, None)), ({"maxheight": "240"}, (600, 240)),
        ({"maxwidth": "220", "maxheight": "120"}, (220, 120)), ({"maxwidth": "wide", "maxheight": "-1"}, (600, None)),
        ({"maxwidth": "9" * 5000}, (600, None)),
    ],
)  # fmt: skip
def test_the_limits_are_kept(world, client, limits, expected):
    made = ask(client, page_of(world.open_poll()), **limits).json()
    assert made["type"] == "rich"
    assert (made["width"], made["height"]) == (expected[0], expected[1] or made["height"])
    fits = not {"maxwidth", "maxheight"} & limits.keys() or limits.get("maxwidth") in ("5000", "wide", "9" * 5000)
    assert ("thumbnail_url" in made) is fits


@pytest.mark.parametrize("limits", [{"maxwidth": "219"}, {"maxheight": "119"}, {"maxwidth": "0"}])
def test_without_room_for_a_frame_it_is_a_link(world, client, limits):
    made = ask(client, page_of(world.open_poll()), **limits).json()
    assert made["type"] == "link"
    assert not {"html", "width", "height", "thumbnail_url"} & made.keys()


def test_a_poll_that_nobody_may_frame_is_a_link(world, client):
    poll = world.open_poll()
    with writing() as session:
        framing.let_frame(session, session.get_one(Poll, poll.id), framing.Choice("nobody"), by=None)
    assert ask(client, page_of(poll)).json()["type"] == "link"


def foreign(poll, draft):
    """Addresses of which there is nothing to say, by what they try."""
    return {
        "another host": f"https://example.org/p/{poll.slug}",
        "another scheme": f"https://127.0.0.1:8000/p/{poll.slug}",
        "another port": f"http://127.0.0.1:8001/p/{poll.slug}",
        "no port": f"http://127.0.0.1/p/{poll.slug}",
        "a prefix": f"{BASE}.example.org/p/{poll.slug}",
        "a prefix of the port": f"{BASE}0/p/{poll.slug}",
        "userinfo": f"http://127.0.0.1:8000@example.org/p/{poll.slug}",
        "userinfo of ours": f"http://a@127.0.0.1:8000/p/{poll.slug}",
        "backslashes": f"http://127.0.0.1:8000\\@example.org/p/{poll.slug}",
        "javascript": "javascript:alert(1)",
        "data": "data:text/html,x",
        "a path only": f"/p/{poll.slug}",
        "no scheme": f"//127.0.0.1:8000/p/{poll.slug}",
        "a NUL": f"{page_of(poll)}\0",
        "%00": f"{page_of(poll)}%00",
        "a line end": f"{page_of(poll)}\n",
        "half a surrogate": f"{page_of(poll)}%ED%A0%80",
        "brackets": "http://[::1/p/x",
        "a port of letters": "http://127.0.0.1:x/p/x",
        "an unknown poll": f"{BASE}/p/nothing-here",
        "no poll": f"{BASE}/p/",
        "another page": f"{BASE}/healthz",
        "the community": f"{BASE}/c/garden",
        "the card": f"{page_of(poll)}/card.png",
        "up and down": f"{BASE}/p/../e/{poll.slug}",
        "an unknown link": f"{BASE}/l/nothing",
        "a draft": f"{BASE}/p/{draft.slug}",
        "a draft's frame": f"{BASE}/e/{draft.slug}",
        "very long": f"{page_of(poll)}{'x' * 5000}",
    }


def test_everything_else_is_not_found_and_tells_nothing(world, client):
    poll, draft = world.open_poll(), world.draft_poll(title="Secret plans")
    for name, url in foreign(poll, draft).items():
        answer = ask(client, url)
        assert answer.status_code == 404, name
        assert answer.headers["content-type"].startswith("text/plain"), name
        assert "ask with the address of a poll" in answer.text, name
        assert "Secret" not in answer.text, name
    assert ask(client, "").status_code == 400


@pytest.mark.parametrize("path", ["/m/garden/polls", "/m/nobody", "/r/abc", "/b/abc"])
def test_private_pages_are_401_whether_they_are_there_or_not(world, client, path):
    answer = ask(client, BASE + path)
    assert answer.status_code == 401
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize("format", ["yaml", "jsonp", "json,xml"])
def test_another_format_is_501(world, client, format):
    answer = ask(client, page_of(world.open_poll()), format=format)
    assert answer.status_code == 501
    assert "format=json" in answer.text


def test_asking_changes_nothing(world, client):
    poll = world.open_poll()
    for format in ("json", "xml"):
        client.request("HEAD", "/oembed", params={"url": page_of(poll), "format": format})
        ask(client, page_of(poll), format=format, q1="Yes")
    assert n_of(poll) == 0


def discovered(html):
    links = re.findall(r'<link rel="alternate" type="([a-z]+/[a-z]+\+oembed)" href="([^"]*)" title="([^"]*)">', html)
    return {kind: (href.replace("&amp;", "&"), title) for kind, href, title in links}


@pytest.mark.parametrize("way", ["", "/results"])
def test_pages_say_where_their_answer_is(world, client, way):
    poll = world.open_poll(title='A "day" & more', results_rule="always")
    token = world.link(poll, "site").token
    found = discovered(client.get(f"/p/{poll.slug}{way}?via={token}&t=secret").text)
    assert sorted(found) == ["application/json+oembed", "text/xml+oembed"]
    for kind, (href, title) in found.items():
        assert title == "A &#34;day&#34; &amp; more"
        assert href.startswith(f"{BASE}/oembed?")
        assert "secret" not in href
        answer = client.get(href.removeprefix(BASE))
        assert answer.headers["content-type"].startswith(kind.replace("+oembed", ""))
        assert f"/e/{poll.slug}?via={token}" in answer.text
        assert parse_qs(urlsplit(href).query)["url"] == [f"{page_of(poll)}{way}?via={token}"]


def test_a_receipt_says_nothing_of_oembed(world, client):
    poll = world.open_poll(results_rule="always")
    receipt = world.vote(poll, {"q1": "Yes"})
    assert discovered(client.get(f"/r/{receipt}").text) == discovered(client.get(f"/r/{receipt}/results").text) == {}


def test_a_frame_is_announced_as_high_as_it_will_be(world):
    """tests/browser/test_embed.py holds this against what Chromium draws."""
    few = world.draft_poll(options=("Yes", "No")).questions
    many = world.draft_poll(options=[f"Option {n}" for n in range(9)]).questions
    text = world.draft_poll([Draft("short_text", "Why?")]).questions
    assert 200 <= height_in_frame(text) < height_in_frame(few) < height_in_frame(many) < 1000
    assert height_in_frame(few, width=320) > height_in_frame(few)
    assert height_in_frame(few, intro="x" * 300) > height_in_frame(few)
    assert height_in_frame(many * 9) == 1000
    assert height_in_frame(()) == 200


def test_no_width_is_too_small_to_be_asked_for(world, client):
    poll = world.open_poll(intro="A few words.")
    for width in range(0, 240):
        answer = ask(client, page_of(poll), maxwidth=str(width))
        assert (answer.status_code, answer.json()["type"]) == (200, "rich" if width >= 220 else "link"), width
