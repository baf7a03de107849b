"""What anybody sees of a community: the page at /c/ and its feed."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from feedback.models import Theme
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from heard.kit import clock, db
from heard.kit.db import reading, writing
from polls.announce import announcing
from polls.kinds.kind import Draft
from polls.models import Announcement, Poll
from polls.publish import publishing
from tests.feedback.said import ALL, COLD, say, theme_of
from tests.polls.trying import trial_in

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


def test_a_closed_poll_says_what_came_out_to_those_who_may_see_it(world, client):
    for rule in ("after_close", "never", "after_vote"):
        poll = world.open_poll(title=f"Ended {rule}", results_rule=rule)
        for _ in range(3):
            world.vote(poll, {"q1": "Yes"})
        world.close(poll)
    page = client.get("/c/garden").text
    assert re.search(r'<a href="/p/ended-after-close/results">[^<]*“Yes”[^<]*</a>', page)
    assert "Ended after_close" in page
    assert page.count("3 responses") == 1
    for slug, why in (("ended-never", "for the organisers"), ("ended-after-vote", "Those who answered")):
        assert f"/p/{slug}/results" not in page
        assert why in page


def test_a_closed_poll_that_nobody_answered_says_so_and_an_anonymous_one_tells_no_more(world, client):
    quiet = world.open_poll(title="Quiet", results_rule="always")
    few = world.open_poll(title="Few", results_rule="always", anonymous=True)
    world.vote(few, {"q1": "Yes"})
    for poll in (quiet, few):
        world.close(poll)
    page = client.get("/c/garden").text
    assert "Nobody answered." in page
    assert "Fewer than five answered" in page
    assert "Yes" not in page
    assert len(feed(client).findall(f"{ATOM}entry")) == 0


def test_a_poll_is_open_and_closed_on_time_without_a_worker(world, client):
    noon = datetime(2040, 5, 1, 12, tzinfo=UTC)
    with clock.stopped_at(noon):
        poll = world.draft_poll(
            title="Best day", opens_at=noon + timedelta(hours=1), closes_at=noon + timedelta(hours=2)
        )
        assert client.sign_in("maya").post(f"{poll.page}/opening", data={"do": "schedule"}).status_code == 303
        sections = {}
    for hours in (0, 1.5, 3):
        with clock.stopped_at(noon + timedelta(hours=hours)):
            page = client.get("/c/garden").text
            sections[hours] = (page.find("Best day"), page.find("What came out"))
    assert sections[0][0] == -1
    assert 0 < sections[1.5][0] < sections[1.5][1]
    assert 0 < sections[3][1] < sections[3][0]


def test_what_is_past_comes_a_page_at_a_time_the_newest_first(world, client):
    for n in range(12):
        world.close(world.open_poll(title=f"Ended {n:02}", results_rule="never"))
    world.open_poll(title="Still open")
    first, second = (client.get(f"/c/garden{query}").text for query in ("", "?page=2"))
    assert re.findall(r"Ended \d\d", first) == [f"Ended {n:02}" for n in range(11, 1, -1)]
    assert re.findall(r"Ended \d\d", second) == ["Ended 01", "Ended 00"]
    assert "Still open" not in second
    assert 'href="/c/garden?page=2"' in first
    assert 'href="/c/garden"' in second
    assert client.get("/c/garden?page=3").status_code == 404
    for odd in ("0", "-1", "x", "٣", "99999999999999999999"):
        assert client.get("/c/garden", params={"page": odd}).status_code == 200


def test_a_trial_says_how_many_places_are_left_and_then_what_became_of_it(world, client):
    trial = trial_in(world, title="Late evenings", places="2")
    trial.sign_up("dora@home.example")
    assert "1 of 2 places left" in client.get("/c/garden").text
    trial.sign_up("emil@home.example")
    full = client.get("/c/garden").text
    assert "All 2 places are taken" in full
    assert "Join the waiting list" in full
    end(trial, "adapt", "Thursdays only.")
    page = client.get("/c/garden").text
    assert "We keep it, changed:" in page
    assert "Thursdays only." in page
    assert "waiting list" not in page


def end(trial, outcome, reason):
    with writing() as session:
        announcing.conclude(session, session.get_one(Announcement, trial.id), outcome, reason, by=None)


def test_fifty_polls_cost_as_many_statements_as_one(world, client):
    def ended(n, **rules):
        poll = world.open_poll(title=f"Ended {n}", results_rule="always", **rules)
        world.vote(poll, {"q1": "Yes"})
        world.close(poll)

    ended(0)
    world.open_poll(title="Open")
    few = {path: statements(client, path) for path in ("/c/garden", "/c/garden/feed.atom", "/sitemap.xml")}
    for n in range(24):
        ended(n + 1, anonymous=n % 2 == 0)
        world.open_poll(title=f"Open {n}")
    assert {path: statements(client, path) for path in few} == few
    assert max(few.values()) <= 15


def statements(client, path):
    """How many statements a page needs that was asked for before."""
    seen = []
    client.get(path)
    note = lambda *_: seen.append(1)  # noqa: E731
    event.listen(db.engines().read, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(db.engines().read, "before_cursor_execute", note)
    return len(seen)


def test_read_again_the_page_is_not_sent_twice(world, client):
    world.open_poll()
    first = client.get("/c/garden")
    again = client.get("/c/garden", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" not in again.headers  # the kept page has the nonce of its own
    world.open_poll(title="Another day")
    assert client.get("/c/garden", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_the_page_depends_on_its_address_alone(world, client):
    world.open_poll()
    plain, french = client.get("/c/garden"), client.get("/c/garden?lang=fr")
    assert "vary" not in plain.headers
    other = client.sign_in("olu")
    other.cookies.set("heard-language", "fr")
    assert other.get("/c/garden", headers={"accept-language": "fr"}).headers["etag"] == plain.headers["etag"]
    assert '<html lang="fr">' in french.text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/c/garden">' in french.text


def test_the_feed_tells_what_came_out_when_a_poll_has_closed(world, client):
    poll = world.open_poll(title="Best day", results_rule="after_close")
    asked = entry(client, "Best day")
    world.vote(poll, {"q1": "Yes"})
    hidden = world.open_poll(title="Hidden", results_rule="never")
    world.close(poll), world.close(hidden)
    told = entry(client, "Results: Best day")
    assert told.findtext(f"{ATOM}id") != asked.findtext(f"{ATOM}id")
    assert "“Yes”" in told.findtext(f"{ATOM}summary")
    assert "1 response" in told.findtext(f"{ATOM}summary")
    assert told.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000/p/{poll.slug}/results"
    with db.reading() as session:
        closed = session.get_one(Poll, poll.id).closed_at
    assert told.findtext(f"{ATOM}updated") == closed.isoformat(timespec="seconds").replace("+00:00", "Z")
    assert "Hidden" not in client.get("/c/garden/feed.atom").text


def test_the_feed_says_the_same_before_and_after_the_worker_has_closed_a_poll(world, client):
    noon = datetime(2040, 5, 1, 12, tzinfo=UTC)
    with clock.stopped_at(noon):
        poll = world.open_poll(title="Best day", results_rule="always", closes_at=noon + timedelta(hours=1))
        world.vote(poll, {"q1": "Yes"})
    with clock.stopped_at(noon + timedelta(hours=2)):
        before = client.get("/c/garden/feed.atom")
        assert "Results: Best day" in before.text
        with writing() as session:
            publishing.keep_schedule(session, session.get_one(Poll, poll.id))
        assert client.get("/c/garden/feed.atom").content == before.content


def test_versions_and_outcomes_of_a_trial_are_in_the_feed(world, client):
    trial = trial_in(world, title="Late evenings")
    trial.next_version("It was too short.", "It is longer.", ask=False)
    version = entry(client, "Late evenings: version 2")
    assert version.find(f"{ATOM}link").get("href").endswith(f"/t/{trial.slug}#version-2")
    assert "It is longer." in version.findtext(f"{ATOM}summary")
    first = entry(client, "Late evenings")
    end(trial, "drop", "Nobody came.")
    last = entry(client, "Late evenings")
    assert first.findtext(f"{ATOM}id") == last.findtext(f"{ATOM}id")
    assert "We drop it: Nobody came." in last.findtext(f"{ATOM}summary")


def test_the_feed_is_as_rfc_4287_wants_it(world, client):
    answered(client, world)
    trial_in(world).next_version(ask=False)
    poll = world.open_poll(results_rule="always")
    world.vote(poll, {"q1": "Yes"})
    world.close(poll)
    answer, root = client.get("/c/garden/feed.atom"), feed(client)
    for node in (root, *root.findall(f"{ATOM}entry")):
        assert [len(node.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert node.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", node.findtext(f"{ATOM}updated"))
        assert len([link for link in node.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
    assert root.find(f"{ATOM}author/{ATOM}name").text == "The Quiet Garden"
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == ["http://127.0.0.1:8000/c/garden/feed.atom"]
    newest = max(e.findtext(f"{ATOM}updated") for e in root.findall(f"{ATOM}entry"))
    assert root.findtext(f"{ATOM}updated") == newest
    assert parsedate_to_datetime(answer.headers["last-modified"]).strftime("%Y-%m-%dT%H:%M:%SZ") == newest
    assert len(root.findall(f"{ATOM}entry")) == 5


def entry(client, title):
    """The entry with this title."""
    return next(e for e in feed(client).findall(f"{ATOM}entry") if e.findtext(f"{ATOM}title") == title)


@pytest.mark.parametrize("listed", [True, False])
def test_pages_of_listed_polls_name_the_feed(world, client, listed):
    poll = world.open_poll(listed=listed, results_rule="always")
    trial = trial_in(world)
    for path in (f"/p/{poll.slug}", f"/p/{poll.slug}/results"):
        assert ("/c/garden/feed.atom" in client.get(path).text) is listed, path
    assert "/c/garden/feed.atom" in client.get(trial.page).text


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
