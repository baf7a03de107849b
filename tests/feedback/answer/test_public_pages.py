"""What anybody sees of a community: the page at /c/ and its feed."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from feedback.models import Theme
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from heard.kit import clock
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, say, theme_of

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "First & <foremost>",
    "]]> third",
    "Second café 🎉",
    "\"quotes\" and 'more'",
    "bell \x07 and \x0b tab",
    "\ufffe\uffff",
    "‮right to left",
]
TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


def feed(client) -> ET.Element:
    return ET.fromstring(client.get("/c/garden/feed.atom").content)


def answered(client, world, **rules):
    """A poll of this kind with an answer to its theme about cold rooms."""
    poll = world.open_poll(TEXT, title="The library", **rules)
    comments = say(poll.id, [*ALL, "Write to me at ann@example.org, it is so cold and the heating is broken"])
    themes.refresh(poll.id)
    with reading() as session:
        theme = theme_of(session, comments[2])
    sent = {"title": "New boiler", "public_note": "Warm since May.", "status": "done"}
    assert client.sign_in("maya").post(f"/m/garden/themes/{theme.id}/actions", data=sent).status_code == 303
    return poll, theme


def test_open_listed_polls_stand_there_and_nothing_else(world, client):
    world.open_poll(title="Best day")
    world.draft_poll(title="Secret draft")
    hidden = world.open_poll(title="Only by link", listed=False)
    for page in ("/c/garden", "/c/garden/feed.atom"):
        text = client.get(page).text
        assert "Best day" in text
        assert "Secret draft" not in text
        assert "Only by link" not in text
        assert hidden.slug not in text


@pytest.mark.parametrize("page", ["/c/nobody-here", "/c/nobody-here/feed.atom"])
def test_an_unknown_community_is_not_found(world, client, page):
    assert client.get(page).status_code == 404


def test_nobody_needs_an_account_and_no_cookie_is_set(world, client):
    world.open_poll()
    for browser in (client, client.sign_in("maya"), client.sign_in("olu")):
        browser.cookies.set("heard-flash", "for%20you%20only")
        for page in ("/c/garden", "/c/garden/feed.atom"):
            answer = browser.get(page)
            assert answer.status_code == 200
            assert "public" in answer.headers["cache-control"]
            assert "set-cookie" not in answer.headers
            assert "for you only" not in answer.text


def test_the_page_names_its_feed(world, client):
    assert 'type="application/atom+xml"' in client.get("/c/garden").text


def test_the_feed_is_well_formed_whatever_the_titles_are(world, client):
    for title in HOSTILE:
        world.open_poll(title=title)
    root = feed(client)
    titles = [e.findtext(f"{ATOM}title") for e in root.findall(f"{ATOM}entry")]
    assert root.tag == f"{ATOM}feed"
    assert len(titles) == len(HOSTILE)
    assert {"First & <foremost>", "]]> third", "Second café 🎉"} <= set(titles)


def test_entries_have_ids_of_their_own_and_absolute_links(world, client):
    answered(client, world)
    for n in range(3):
        world.open_poll(title=f"Poll {n}")
    entries = feed(client).findall(f"{ATOM}entry")
    links = [e.find(f"{ATOM}link").get("href") for e in entries]  # type: ignore[union-attr]
    assert len({e.findtext(f"{ATOM}id") for e in entries}) == len(entries) == 5
    assert all(link and link.startswith("http://127.0.0.1:8000/") for link in links)
    assert all(e.findtext(f"{ATOM}updated") for e in entries)


def test_read_again_later_with_nothing_changed_the_feed_is_the_same(world, client):
    answered(client, world)
    first = client.get("/c/garden/feed.atom")
    with clock.stopped_at(datetime(2040, 1, 1, tzinfo=UTC)):
        again = client.get("/c/garden/feed.atom", headers={"if-none-match": first.headers["etag"]})
        assert client.get("/c/garden/feed.atom").content == first.content
    assert again.status_code == 304


def test_what_was_done_is_on_the_page_and_in_the_feed(world, client):
    _poll, theme = answered(client, world)
    page, entries = client.get("/c/garden").text, feed(client).findall(f"{ATOM}entry")
    summaries = "".join(e.findtext(f"{ATOM}summary") or "" for e in entries)
    for words in ("We asked", "What should change?", theme.label, "New boiler", "Warm since May.", "Done"):
        assert words in page, words
    assert "Warm since May." in summaries
    assert theme.label in summaries


@pytest.mark.parametrize(
    ("rule", "shown"), [("always", True), ("after_vote", False), ("after_close", False), ("never", False)]
)
def test_counts_and_quotes_follow_the_rule_of_the_results(world, client, session, rule, shown):
    _poll, theme = answered(client, world, results_rule=rule)
    count = theme_queries.count_of(session, session.get_one(Theme, theme.id))
    page = client.get("/c/garden").text
    assert (f"{count} of you said this" in page) is shown
    assert any(quote.replace("'", "&#39;") in page for quote in COLD) is shown


def test_after_the_close_counts_are_told_where_the_rule_says_so(world, client):
    poll, _theme = answered(client, world, results_rule="after_close")
    world.close(poll)
    page = client.get("/c/garden").text
    assert "of you said this" in page
    assert f"/p/{poll.slug}/results" in page


def test_no_address_of_anybody_is_in_a_quote(world, client):
    answered(client, world, results_rule="always")
    assert "ann@example.org" not in client.get("/c/garden").text


def test_fewer_than_five_are_not_counted_in_public(world, client, session):
    poll = world.open_poll(TEXT, results_rule="always")
    say(poll.id, COLD[:4])
    themes.refresh(poll.id)
    theme = theme_queries.themes_of(session, poll.id)[0]
    sent = {"title": "New boiler", "public_note": "Warm since May.", "status": "done"}
    client.sign_in("maya").post(f"/m/garden/themes/{theme.id}/actions", data=sent)
    page = client.get("/c/garden").text
    assert "New boiler" in page
    assert "of you said this" not in page
    assert not any(text in page for text in COLD)


def test_of_an_unlisted_poll_only_the_answer_itself_is_public(world, client):
    poll, _theme = answered(client, world, listed=False, results_rule="always")
    for page in ("/c/garden", "/c/garden/feed.atom"):
        text = client.get(page).text
        assert "Warm since May." in text
        assert "The library" not in text
        assert "What should change?" not in text
        assert poll.slug not in text
        assert "of you said this" not in text


def test_closed_polls_link_to_results_only_where_these_are_public(world, client):
    for rule in ("after_close", "never"):
        poll = world.open_poll(title=f"Ended {rule}", results_rule=rule)
        world.close(poll)
    page = client.get("/c/garden").text
    assert "Ended after_close" in page
    assert "/p/ended-after-close/results" in page
    assert "Ended never" in page
    assert "/p/ended-never/results" not in page


def test_the_mission_is_shown_and_escaped(world, client):
    from heard.accounts.models import Community

    with writing() as session:
        garden = session.exec(select(Community).where(Community.slug == "garden")).one()
        garden.mission = "We grow <b>together</b> & rest"
        session.add(garden)
    assert "We grow &lt;b&gt;together&lt;/b&gt; &amp; rest" in client.get("/c/garden").text


def test_the_page_speaks_the_language_of_the_community(world, client):
    from heard.accounts.models import Community

    with writing() as session:
        garden = session.exec(select(Community).where(Community.slug == "garden")).one()
        garden.locale = "fr"
        session.add(garden)
    assert '<html lang="fr">' in client.get("/c/garden").text
    assert feed(client).get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
