"""The share page of a poll: what is pasted where, before, while and after it is open; and who may make places."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry
from heard.kit import visits
from heard.kit.clock import now
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from polls.models import Link, Poll
from polls.publish import editions, publishing
from polls.publish.links import PLACES
from tests.shared_pages import Pasted, words_of

PEOPLE = ("maya", "ravi", "vic", "olu")
BASE = "http://127.0.0.1:8000"


def shared(client, poll, query="", person="maya"):
    answer = client.sign_in(person).get(f"{poll.page}/sharing{query}")
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


@pytest.mark.parametrize(
    ("method", "address", "form", "statuses"),
    [
        ("GET", "/m/garden/sharing", {}, (200, 200, 200, 404)),
        ("GET", "{page}/sharing", {}, (200, 200, 200, 404)),
        ("POST", "{page}/sharing", {}, (303, 403, 403, 404)),
        ("POST", "{page}/links", {"name": "Notice board"}, (303, 403, 403, 404)),
        ("POST", "{page}/invitations", {"count": "2"}, (303, 403, 403, 404)),
    ],
)
def test_all_members_read_it_and_managers_make_links(world, client, method, address, form, statuses):
    poll = world.open_poll(voter_rule="link")
    path = address.format(page=poll.page)
    seen = [client.sign_in(person).request(method, path, data=form or None).status_code for person in PEOPLE]
    assert tuple(seen) == statuses


def test_each_place_has_its_text_with_a_link_of_its_own(world, client):
    poll = world.open_poll(title="Tools & Sundays", intro="Tell us.", options=("Yes", "No"))
    page = shared(client, poll)
    texts = Pasted(page).texts
    for place in set(PLACES) - {"site", "poster"}:
        link = f"{BASE}/l/{world.link(poll, place).token}"
        assert texts[f"{place}-link"] == link
        for words in ("" if place in ("mail", "reddit") else "Tools &", "Tell us.", "• Yes", link):
            assert words in texts[f"{place}-text"], place
    assert texts["slack-text"].startswith("*Tools &amp; Sundays*\n")
    assert texts["forum-text"].startswith("[b]Tools & Sundays[/b]\n")
    assert (texts["mail-subject"], texts["reddit-subject"]) == ("Tools & Sundays", "Tools & Sundays")
    site = world.link(poll, "site").token
    assert f'src="{BASE}/e/tools-sundays?via={site}"' in texts["embed"]
    assert texts["html"] == f'<p><a href="{BASE}/l/{site}">Tools &amp; Sundays</a></p>'
    assert texts["embed-script"] == f'<script async src="{BASE}/embed.js"></script>'
    assert texts["link"] == f"{BASE}/p/tools-sundays"
    assert texts["results"] == f"{BASE}/p/tools-sundays/results"
    assert texts["markdown"] == f"[Tools & Sundays]({BASE}/p/tools-sundays)"
    for address in (
        f"{poll.page}/mailings",
        f"{poll.page}/framing",
        "/p/tools-sundays/card.png",
        f"{poll.page}/qr.png?link=",
    ):
        assert address in page
    assert "One ballot for each browser." in page
    assert "Personal links" not in page


def test_compose_links_carry_the_very_text_and_open_apart(world, client):
    poll = world.open_poll(title="Tea & cake #1: 100% ☕?", intro="one\n“two”")
    pasted = Pasted(shared(client, poll, "?place=mastodon&server=mastodon.social"))
    by_host = {urlsplit(link).netloc or "mail": link for link in pasted.links}
    assert set(by_host) == {"x.com", "bsky.app", "www.linkedin.com", "www.reddit.com", "mail", "mastodon.social"}
    for host, place in (("x.com", "x"), ("bsky.app", "bluesky"), ("mastodon.social", "mastodon")):
        assert parse_qs(urlsplit(by_host[host]).query)["text"] == [pasted.texts[f"{place}-text"]]
    assert parse_qs(urlsplit(by_host["mail"]).query)["body"][0].replace("\r\n", "\n") == pasted.texts["mail-text"]
    assert pasted.rels == {"_blank noopener noreferrer"}
    assert pasted.open == ["mastodon"]


@pytest.mark.parametrize("server", ["evil.com/@x", "javascript:alert(1)", "a b.com", "a%0d%0ab.com", "%00", "x" * 290])
def test_a_server_that_is_none_is_told_at_its_field_and_leads_nowhere(world, client, server):
    poll = world.open_poll()
    answer = client.sign_in("maya").get(f"{poll.page}/sharing?place=mastodon&server={server}")
    assert answer.status_code == 422
    assert answer.text.count("Give the name of your Mastodon server only") == 2
    assert not [link for link in Pasted(answer.text).links if "/share?" in link]
    assert Pasted(answer.text).open == ["mastodon"]
    assert "location" not in answer.headers


HOSTILE = [
    "<!channel> <@U1> @everyone @here",
    "[x](javascript:alert(1)) ![y](z) `c` | *b*",
    "[url=javascript:alert(1)]x[/url][img]y[/img]",
    '"><script>alert(1)</script><img src=x onerror=y>',
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_in_a_title_do_nothing_in_any_place(world, client, words):
    poll = world.open_poll(title=words, intro=words, options=(words, "No"))
    page = shared(client, poll)
    texts = Pasted(page).texts
    assert "<script>alert" not in page
    assert "onerror=y>" not in page
    for place in set(PLACES) - {"site", "poster", "mail"}:
        assert "@everyone" not in texts[f"{place}-text"], place
    assert "<!channel>" not in texts["slack-text"]
    assert "[x](" not in texts["discord-text"] + texts["discourse-text"] + texts["reddit-text"] + texts["markdown"]
    assert "[url=" not in texts["forum-text"]
    assert "[img]" not in texts["forum-text"]
    assert texts["html"].count("<") == texts["embed"].count("<") + 2 == 4
    assert all(urlsplit(link).scheme in ("https", "mailto") for link in Pasted(page).links)


def test_a_draft_says_publish_first_and_gives_nothing_to_post(world, client):
    poll = world.draft_poll(title="Secret plan")
    page = shared(client, poll)
    assert "Publish it first, then share it" in page
    assert f'action="{poll.page}/opening"' in page
    assert Pasted(page).texts == {}
    assert "/opening" not in shared(client, poll, person="ravi")
    maya = client.sign_in("maya")
    for path, form in ((f"{poll.page}/sharing", {}), (f"{poll.page}/links", {"name": "Board"})):
        answer = maya.post(path, data=form)
        assert answer.status_code == 422
        assert "still a draft" in answer.text
    with reading() as session:
        assert session.exec(select(Link).where(Link.poll_id == poll.id)).all() == []


def test_a_scheduled_poll_says_when_it_opens(world, client):
    poll = world.draft_poll(opens_at=now() + timedelta(days=3))
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, poll.id), by=world.people["maya"])
    page = shared(client, poll)
    assert "Share it before it opens" in page
    assert "Open from " in Pasted(page).texts["chat-text"]
    assert "card.png" not in page


def voted(world, n, yes, **rules):
    poll = world.open_poll(**({"title": "Sundays?", "voter_rule": "open"} | rules))
    for at in range(n):
        world.vote(poll, {"q1": "Yes" if at < yes else "No"})
    return poll


@pytest.mark.parametrize("rule", ["always", "after_close"])
def test_a_closed_poll_tells_its_finding_where_anybody_may_see_it(world, client, rule):
    poll = voted(world, 7, 5, results_rule=rule)
    before = Pasted(shared(client, poll)).texts["chat-text"]
    assert "5 of 7" not in before
    world.close(poll)
    page = shared(client, poll)
    texts = Pasted(page).texts
    link = f"{BASE}/l/{world.link(poll, 'chat').token}/results"
    for words in ("Sundays?", "Which one suits you? “Yes” leads with 5 of 7.", "7 answers.", link):
        assert words in texts["chat-text"]
    assert "Tell them what came out" in page
    assert "embed" not in texts
    answer = client.fresh().get(link.removeprefix(BASE))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{poll.slug}/results")
    assert client.fresh().get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("rules", [{"results_rule": "never"}, {"results_rule": "after_vote"}])
def test_hidden_results_are_in_no_text(world, client, rules):
    poll = voted(world, 7, 5, **rules)
    world.close(poll)
    page = shared(client, poll)
    assert "5 of 7" not in page
    assert "7 answers" not in page
    texts = Pasted(page).texts
    assert "Thank you to everybody who answered." in texts["mastodon-text"]
    assert texts["mastodon-link"] == f"{BASE}/l/{world.link(poll, 'mastodon').token}"
    answer = client.fresh().get(f"/l/{world.link(poll, 'mastodon').token}/results")
    assert client.fresh().get(answer.headers["location"]).status_code == 403


def test_an_anonymous_poll_of_few_tells_nothing_even_when_closed(world, client):
    poll = voted(world, 4, 4, anonymous=True, results_rule="always")
    world.close(poll)
    page = shared(client, poll)
    assert "4 of 4" not in page
    assert "4 answers" not in page
    assert "Thank you to everybody who answered." in Pasted(page).texts["chat-text"]


def test_the_result_is_told_in_the_language_of_the_poll(world, client):
    poll = voted(world, 1, 1, locale="fr", results_rule="always")
    world.close(poll)
    assert "Which one suits you? " in Pasted(shared(client, poll)).texts["chat-text"]
    assert "leads" not in Pasted(shared(client, poll)).texts["chat-text"]


def test_an_older_edition_leads_to_its_own_results(world, client):
    poll = voted(world, 2, 2, results_rule="always")
    with writing() as session:
        newer = editions.again(session, session.get_one(Poll, poll.id), by=None, same_series=True)
        publishing.open_now(session, newer, by=None)
        older = session.get_one(Poll, poll.id).slug
    page = client.sign_in("maya").get(f"/m/garden/polls/{older}/sharing").text
    assert f"{BASE}/p/{older}/results" in Pasted(page).texts["chat-text"]
    assert "/l/" not in Pasted(page).texts["chat-text"]


def test_a_manager_adds_a_place_and_sees_its_visits(world, client):
    poll, maya = world.open_poll(), client.sign_in("maya")
    page = maya.follow(maya.post(f"{poll.page}/links", data={"name": "Poster in the library"})).text
    with reading() as session:
        link = session.exec(select(Link).where(Link.name == "Poster in the library")).one()
        assert session.exec(select(AuditEntry.action).where(AuditEntry.action == "link.added")).all()
    assert Pasted(page).open == [f"link-{link.id}"]
    assert f"{BASE}/l/{link.token}" in Pasted(page).texts[f"link-{link.id}-text"]
    browser = {"accept": "text/html", "user-agent": "Mozilla/5.0 Firefox/140.0"}
    for agent in (browser, browser, {"user-agent": "Slackbot 1.0"}):
        client.fresh().get(f"/l/{link.token}", headers=agent)
    visits.flush()
    assert "Opened 2 times by people, 1 by previews and scanners." in words_of(shared(client, poll))


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "Board", "nul\0"])
def test_a_name_that_cannot_be_is_told_at_its_field_and_kept(world, client, name):
    poll, maya = world.open_poll(), client.sign_in("maya")
    maya.post(f"{poll.page}/links", data={"name": "board"})
    answer = maya.post(f"{poll.page}/links", data={"name": name})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert Pasted(answer.text).open == ["own"]
    with reading() as session:
        assert len(session.exec(select(Link).where(Link.place == "other")).all()) == 1


def test_places_that_lack_a_link_get_one_and_twice_changes_nothing(world, client):
    poll, maya = world.open_poll(), client.sign_in("maya")
    assert "Make a link for each place" not in shared(client, poll)
    with writing() as session:
        session.delete(session.exec(select(Link).where(Link.poll_id == poll.id, Link.place == "chat")).one())
    kept = world.link(poll, "mail").token
    assert "Some places have no link of their own yet." in shared(client, poll)
    assert "Make a link" not in shared(client, poll, person="ravi")
    for _twice in range(2):
        page = maya.follow(maya.post(f"{poll.page}/sharing")).text
        assert "Make a link" not in page
    assert world.link(poll, "mail").token == kept
    assert world.link(poll, "chat").token


def test_who_may_frame_nothing_gets_no_frame(world, client):
    poll = world.open_poll()
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        row.embed_on, row.revision = "", row.revision + 1
    page = shared(client, poll)
    assert "embed" not in Pasted(page).texts
    assert "No page may show this poll in a frame" in page


def test_a_poll_of_several_questions_posts_no_options(world, client):
    poll = world.open_poll([Draft("single", "Tea?", ("Yes", "No")), Draft("long_text", "Why?")], title="Tea time")
    assert "• Yes" not in Pasted(shared(client, poll)).texts["chat-text"]


def test_it_is_french_for_who_reads_french_and_the_post_stays_the_polls(world, client):
    poll = world.open_poll(title="Tea time", closes_at=now() + timedelta(days=2))
    page = client.sign_in("maya").get(f"{poll.page}/sharing", headers={"accept-language": "fr"})
    assert page.headers["content-language"] == "fr"
    assert "Open until " in Pasted(page.text).texts["chat-text"]
