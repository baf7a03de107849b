"""The pictures over HTTP: for whom, how long they are kept, and that they tell no more than their pages do."""

import itertools
import re
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from feedback.answer.trial_public_pages import published
from feedback.cards import card as cards
from feedback.cards.announcement_card import announcement_card
from feedback.cards.community_card import community_card
from feedback.cards.poll_card import poll_card
from heard.accounts import communities
from heard.kit import clock, db, pictures
from heard.kit.db import reading, writing
from heard.kit.settings import settings
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.browser_client import Client
from tests.polls.trying import trial_in

OPTIONS = ("Red", "Green", "Blue")


@pytest.fixture(autouse=True)
def empty_shelf():
    pictures._kept.clear()


def card_of(poll):
    """What is on it now."""
    with reading() as session:
        return poll_card(session, frozen_poll(session, poll.slug))


def versioned(client, page: str) -> str:
    """The picture's address on a page."""
    return re.search(r'og:image" content="([^"]+)"', client.get(page).text)[1].replace("&amp;", "&")


def test_the_card_of_a_poll_is_a_picture_for_everybody(world, client):
    poll = world.open_poll(options=OPTIONS)
    answer = client.get(f"/p/{poll.slug}/card.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "vary" not in answer.headers


def test_no_card_sets_a_cookie_or_depends_on_one(world, client):
    poll, trial = world.open_poll(options=OPTIONS), trial_in(world)
    for path in (f"/p/{poll.slug}/card.png", f"/t/{trial.slug}/card.png", "/c/garden/card.png"):
        shown = set()
        for browser in (client, client.sign_in("maya"), client.sign_in("olu")):
            browser.cookies.set("heard-language", "fr")
            browser.cookies.set("heard-flash", "for%20you%20only")
            answer = browser.get(path)
            assert "set-cookie" not in answer.headers
            shown.add((answer.headers["etag"], answer.content))
        assert len(shown) == 1, path


def test_its_address_holds_its_version_and_with_it_it_is_kept_for_a_day(world, client):
    poll = world.open_poll(options=OPTIONS)
    address = versioned(client, f"/p/{poll.slug}")
    assert address.startswith(f"{settings().base_url}/p/{poll.slug}/card.png?v=")
    answer = client.get(address.removeprefix(settings().base_url))
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.headers["etag"] == f'"{address.rpartition("=")[2]}"'
    assert client.get(f"/p/{poll.slug}/card.png?v=older").headers["cache-control"] == "public, max-age=60"


def test_who_has_it_already_is_told_so_and_nothing_is_drawn(world, client, monkeypatch):
    poll = world.open_poll(options=OPTIONS)
    tag = client.get(f"/p/{poll.slug}/card.png").headers["etag"]
    pictures._kept.clear()
    monkeypatch.setattr(cards.Card, "draw", lambda _card: pytest.fail("nothing needs to be drawn"))
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = client.get(f"/p/{poll.slug}/card.png", headers={"if-none-match": sent})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)


def test_a_hundred_requests_at_once_draw_it_once(world, monkeypatch):
    poll, drawn = world.open_poll(options=OPTIONS), []
    draw = cards.Card.draw
    monkeypatch.setattr(cards.Card, "draw", lambda card: drawn.append(1) or draw(card))
    with Client() as browser, ThreadPoolExecutor(25) as many:
        answers = list(many.map(lambda _n: browser.get(f"/p/{poll.slug}/card.png"), range(100)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.content for a in answers}) == 1
    assert len(drawn) == 1


def test_no_transaction_is_open_while_it_is_drawn(world, client, monkeypatch):
    poll, seen = world.open_poll(options=OPTIONS), []

    def draw(_card) -> bytes:
        seen.append(db.engines().read.pool.checkedout())
        return b"picture"

    monkeypatch.setattr(cards.Card, "draw", draw)
    assert client.get(f"/p/{poll.slug}/card.png").status_code == 200
    assert seen == [0]


@pytest.mark.parametrize(
    "path", ["/p/nothing/card.png", "/t/nothing/card.png", "/c/nobody/card.png", "/c/garden/answers/nothing/card.png"]
)
def test_what_is_not_there_has_no_card(world, client, path):
    assert client.get(path).status_code == 404


def test_a_draft_has_no_card_for_anybody(world, client):
    draft = world.draft_poll(title="Secret draft")
    for browser in (client, client.sign_in("maya"), client.sign_in("olu")):
        answer = browser.get(f"/p/{draft.slug}/card.png")
        assert answer.status_code == 404
        assert "Secret" not in answer.text


def test_an_unlisted_poll_has_one_and_it_is_nowhere_listed(world, client):
    poll = world.open_poll(title="Only by link", listed=False)
    assert client.get(f"/p/{poll.slug}/card.png").status_code == 200
    with reading() as session:
        assert "Only by link" not in repr(community_card(session, world.the_community(session)))


RULES = ("always", "after_vote", "after_close", "never")


@pytest.mark.parametrize(("rule", "closed", "anonymous"), list(itertools.product(RULES, (False, True), (False, True))))
def test_hidden_results_are_not_on_the_card(world, client, rule, closed, anonymous):
    """Twelve votes move the card where the results' page shows them to anybody, and nowhere else."""
    poll = world.open_poll(options=OPTIONS, results_rule=rule, anonymous=anonymous, voter_rule="open")
    empty = world.open_poll(options=OPTIONS, results_rule=rule, anonymous=anonymous, voter_rule="open")
    for at in range(12):
        world.vote(poll, {"q1": OPTIONS[at % 2]})
    if closed:
        world.close(poll)
        world.close(empty)
    public = rule == "always" or (rule == "after_close" and closed)
    assert (client.get(f"/p/{poll.slug}/results").status_code == 200) is public
    with_votes, without = (client.get(f"/p/{p.slug}/card.png").content for p in (poll, empty))
    assert (with_votes != without) is public
    card = card_of(poll)
    assert any(row.share is not None for row in card.rows) is public
    if not public:
        assert repr(card) == repr(card_of(empty))
        assert versioned(client, f"/p/{poll.slug}").rpartition("=")[2] == card_of(empty).version


def test_an_anonymous_poll_moves_in_steps_only(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="always", anonymous=True, voter_rule="open")
    seen = []
    for _n in range(11):
        seen.append(client.get(f"/p/{poll.slug}/card.png").headers["etag"])
        world.vote(poll, {"q1": "Red"})
    seen.append(client.get(f"/p/{poll.slug}/card.png").headers["etag"])
    assert [sum(1 for _same in group) for _tag, group in itertools.groupby(seen)] == [5, 5, 2]


@pytest.mark.both
def test_the_live_bars_have_counts_the_base_and_the_day(world, client, database):
    poll = world.open_poll(options=OPTIONS, results_rule="always", voter_rule="open")
    before = versioned(client, f"/p/{poll.slug}")
    for label in ("Red", "Red", "Green"):
        world.vote(poll, {"q1": label})
    card = card_of(poll)
    assert [(row.label, row.figure, row.top) for row in card.rows] == [
        ("Red", "2", True), ("Green", "1", False), ("Blue", "0", False)
    ]  # fmt: skip
    assert card.title == "Which one suits you?"
    assert card.foot.startswith("3 responses so far · as of ")
    assert "“Red” leads with 2 of 3." in card.alt
    assert versioned(client, f"/p/{poll.slug}") != before


def test_from_thirty_answers_on_percent_stands_beside_the_count(world):
    poll = world.open_poll(options=OPTIONS, results_rule="always", voter_rule="open")
    for at in range(30):
        world.vote(poll, {"q1": OPTIONS[at % 3 % 2]})
    assert [row.figure for row in card_of(poll).rows] == ["20 · 67%", "10 · 33%", "0 · 0%"]


def test_after_closing_the_finding_is_the_title(world, client):
    poll = world.open_poll(options=OPTIONS, results_rule="after_close", voter_rule="open")
    for label in ("Red", "Red", "Green"):
        world.vote(poll, {"q1": label})
    assert card_of(poll).title == "Which one suits you?"
    world.close(poll)
    card = card_of(poll)
    assert (card.title, card.before, card.foot) == ("“Red” leads with 2 of 3.", "Which one suits you?", "3 responses")
    assert card.state.startswith("Closed on ")
    assert card.title in client.get(f"/p/{poll.slug}/results").text.replace("&#34;", '"')


def test_of_many_options_the_first_by_votes_have_bars_and_a_scale_stands_whole_or_not_at_all(world):
    many = world.open_poll(options=[f"Option {n}" for n in range(12)], results_rule="always", voter_rule="open")
    world.vote(many, {"q1": "Option 7"})
    assert (card_of(many).rows[0].label, len(card_of(many).rows), card_of(many).of) == ("Option 7", 4, 12)
    for steps, bars in ((5, 5), (7, 0)):
        scale = world.open_poll([Draft("likert", "Do you agree?", settings={"steps": steps})], results_rule="always")
        world.vote(scale, {"q1": scale.questions[0].options[3].label})
        card = card_of(scale)
        assert (len(card.rows), card.scale, bool(card.text)) == (bars, True, not bars)


@pytest.mark.parametrize("voter_rule", ["link", "sign_in"])
def test_a_poll_for_invited_people_shows_what_its_page_shows_to_anybody(world, client, voter_rule):
    poll = world.open_poll([Draft("single", "The secret wording", OPTIONS)], title="Plans", voter_rule=voter_rule)
    page, card = client.get(f"/p/{poll.slug}"), card_of(poll)
    for words in ("The secret wording", *OPTIONS):
        assert words not in page.text
        assert words not in repr(card)
    assert card.title == "Plans"


def test_before_it_opens_and_after_it_closed_only_the_title_stands_there(world, client):
    soon = world.draft_poll([Draft("single", "The secret wording", OPTIONS)], title="Plans", results_rule="never")
    done = world.open_poll([Draft("single", "The secret wording", OPTIONS)], title="Plans", results_rule="never")
    with writing() as session:
        row = session.exec(select(Poll).where(Poll.slug == soon.slug)).one()
        row.status, row.opens_at = "scheduled", clock.now() + timedelta(days=3)
        session.add(row)
    world.close(done)
    for poll in (soon, done):
        assert "The secret wording" not in client.get(f"/p/{poll.slug}").text + repr(card_of(poll))
    assert card_of(soon).state.startswith("Opens on ")


def test_several_questions_are_named_under_the_title(world):
    questions = [Draft("single", f"Question {n}?", OPTIONS) for n in range(1, 6)]
    card = card_of(world.open_poll(questions, title="The big one", results_rule="never"))
    assert (card.title, [row.label for row in card.rows], card.of) == (
        "The big one", ["Question 1?", "Question 2?", "Question 3?"], 5
    )  # fmt: skip
    assert card.foot.startswith("5 questions · ")
    paged = card_of(world.open_poll(questions, paged=True, results_rule="never"))
    assert [row.label for row in paged.rows] == ["Question 1?"]


def test_a_poll_speaks_its_language_on_the_card(world, client):
    poll = world.open_poll([Draft("yes_no", "Ouvrir le dimanche ?")], title="Dimanche", locale="fr")
    assert card_of(poll).rows[0].label == "Oui"
    assert 'og:locale" content="fr_FR"' in client.get(f"/p/{poll.slug}").text


def test_the_card_of_a_trial_says_its_version_and_how_to_take_part(world, client):
    trial = trial_in(world, title="Late evening", what="Open until ten.", places="3")
    trial.sign_up("dora@home.example")
    with reading() as session:
        card = announcement_card(session, *published(session, trial.slug))
    assert (card.title, card.text) == ("Late evening", "Open until ten.")
    assert "2 of 3 places are free" in card.foot
    assert client.get(f"/t/{trial.slug}/card.png").status_code == 200
    assert versioned(client, f"/t/{trial.slug}").endswith(card.version)


def test_the_card_of_a_community_says_what_is_open(world, client):
    world.open_poll(title="Best day")
    world.draft_poll(title="Secret draft")
    world.close(world.open_poll(title="Long ago"))
    with reading() as session:
        card = community_card(session, world.the_community(session))
    assert (card.title, [row.label for row in card.rows]) == ("The Quiet Garden", ["Best day"])
    assert versioned(client, "/c/garden").endswith(card.version)


@pytest.mark.both
def test_a_community_that_is_called_otherwise_is_so_on_the_cards_and_ballots_of_its_polls(world, client):
    poll = world.open_poll(options=OPTIONS)
    before, page = client.get(f"/p/{poll.slug}/card.png").headers["etag"], client.get(f"/p/{poll.slug}").text
    assert "The Quiet Garden" in page
    ines = world.people["ines"]
    with writing() as session:
        garden = world.the_community(session)
        communities.change_settings(session, garden, communities.Settings("The Loud Garden", accent="#aa3311"), by=ines)
    assert client.get(f"/p/{poll.slug}/card.png").headers["etag"] != before
    page = client.get(f"/p/{poll.slug}").text
    assert ("The Quiet Garden" in page, "The Loud Garden" in page) == (False, True)
