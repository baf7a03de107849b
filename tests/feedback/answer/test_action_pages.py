"""One “we asked, you said, we did” on a page of its own, with its card; gone when it is taken back."""

import pytest
from sqlmodel import select

from feedback.answer import actions
from feedback.cards.action_card import action_card
from feedback.models import Action, Theme
from feedback.themes import refreshing as themes
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from polls.publish import links
from polls.publish.links import Target
from tests.feedback.said import ALL, say, theme_of

TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def answered(world):
    """Makes a poll with an answer; its path and the poll."""

    def make(status="done", title="New boiler", **rules):
        poll = world.open_poll(TEXT, title="The library", **rules)
        comments = say(poll.id, ALL)
        themes.refresh(poll.id)
        with writing() as session:
            theme = session.get_one(Theme, theme_of(session, comments[2]).id)
            action = actions.publish_action(session, theme, title, "Warm since May.", status, by=None)
            return actions.page_of(world.the_community(session), action), poll

    return make


def did(world, path):
    with reading() as session:
        return actions.did_at(session, world.the_community(session), path.rpartition("/")[2])


def test_it_stands_on_a_page_that_everybody_may_see(world, client, answered):
    path, poll = answered(results_rule="always")
    for browser in (client, client.sign_in("maya"), client.sign_in("olu")):
        browser.cookies.set("heard-flash", "for%20you%20only")
        page = browser.get(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in page.headers
        for words in ("New boiler", "Warm since May.", "What should change?", f"/p/{poll.slug}/results", "/c/garden"):
            assert words in page.text
        assert "for you only" not in page.text


def test_the_community_page_and_the_feed_lead_there(world, client, answered):
    path, _poll = answered()
    assert f'href="{path}"' in client.get("/c/garden").text
    assert f'{path}"' in client.get("/c/garden/feed.atom").text


def test_a_tracked_link_leads_there(world, client, answered):
    path, _poll = answered()
    with reading() as session:
        link = links.links_of(session, Target(path=path))[0]
    assert client.follow(client.get(links.address_of(link))).status_code == 200


def test_of_hidden_results_no_link_and_no_count(world, client, answered):
    path, poll = answered(results_rule="never")
    page = client.get(path).text
    assert f"/p/{poll.slug}/results" not in page
    assert "said this" not in page


def test_of_an_unlisted_poll_only_what_was_written_for_the_public(world, client, answered):
    path, poll = answered(results_rule="always", listed=False)
    page = client.get(path).text
    for words in (poll.slug, "The library", "What should change?", "said this"):
        assert words not in page
        assert words not in repr(action_card(did(world, path), _community(world)))


def test_taken_back_it_is_gone_with_its_card_and_the_page_says_where_to_go(world, client, answered):
    path, _poll = answered()
    assert client.get(f"{path}/card.png").status_code == 200
    with writing() as session:
        actions.withdraw_action(session, session.exec(select(Action)).one(), by=None)
    page = client.get(path)
    assert page.status_code == 404
    assert "This answer was taken back." in page.text
    assert 'href="/c/garden"' in page.text
    assert "New boiler" not in page.text
    assert client.get(f"{path}/card.png").status_code == 404


def test_it_is_not_found_under_another_community_or_name(world, client, answered):
    path, _poll = answered()
    for other in (path.replace("/garden/", "/outside/"), path[:-1], "/c/garden/answers/1", "/c/nobody/answers/x"):
        assert client.get(other).status_code == 404


@pytest.mark.parametrize(("status", "head"), [("done", "We did"), ("declined", "Not now"), ("doing", "Under way")])
def test_the_card_says_what_was_said_and_done(world, client, answered, status, head):
    path, _poll = answered(status, results_rule="always")
    card = action_card(did(world, path), _community(world))
    assert (card.title, card.head, card.before_head) == ("New boiler", head, "You said")
    assert card.before.startswith("“")
    assert "of you said this" in card.foot
    assert card.version in client.get(path).text


def test_hostile_words_are_printed_as_they_stand(world, client, answered):
    path, _poll = answered(title='"><script>alert(1)</script> #read("/etc/passwd")')
    page = client.get(path).text
    assert "<script>alert(1)" not in page
    assert client.get(f"{path}/card.png").status_code == 200


def _community(world):
    with reading() as session:
        return world.the_community(session)


def test_a_page_that_is_not_there_speaks_one_language(world, client):
    for path in ("/c/garden/answers/nothing", "/c/garden/answers/nothing?lang=fr", "/c/nowhere"):
        answer = client.get(path, headers={"accept-language": "fr"})
        said = "Vérifiez l’adresse" in answer.text or "se trouve sur sa page" in answer.text
        assert answer.status_code == 404
        assert said == ('<html lang="fr"' in answer.text), path
