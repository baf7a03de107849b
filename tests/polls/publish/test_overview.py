"""The list, the overview and the gallery: what stands where, and what it says."""

import re
from datetime import timedelta

import pytest

from heard.kit.clock import now
from heard.kit.db import writing
from polls.models import Poll
from polls.publish import archive, publishing
from polls.write.gallery import gallery


def published(world, poll):
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, poll.id), by=world.people["maya"])


def test_the_list_has_a_part_for_each_state_in_the_order_of_a_life(world, client):
    tomorrow = now() + timedelta(days=1)
    world.open_poll(title="Running")
    published(world, world.draft_poll(title="Waiting", opens_at=tomorrow))
    world.draft_poll(title="Being written")
    for title in ("Over", "Gone"):
        poll = world.open_poll(title=title)
        world.close(poll)
    with writing() as session:
        archive.put_away(session, session.get_one(Poll, poll.id), by=None)
    page = client.sign_in("maya").get("/m/garden/polls").text
    main = page[page.index("<main") :]
    order = [main.index(f">{title}<") for title in ("Running", "Waiting", "Being written", "Over", "Gone")]
    assert order == sorted(order)
    assert re.findall(r'<h2 id="part-\d">([^<]+) <', main) == [
        "Open polls",
        "Scheduled polls",
        "Drafts",
        "Closed polls",
    ]
    for link in ("/m/garden/polls/files", "/m/garden/polls/templates", "/m/garden/polls/new"):
        assert f'href="{link}"' in main
    ravis = client.sign_in("ravi").get("/m/garden/polls").text
    assert "restoring" not in ravis
    assert "/m/garden/polls/files" not in ravis


def test_when_all_is_put_away_the_page_says_so(world, client):
    poll = world.draft_poll(title="Gone")
    with writing() as session:
        archive.put_away(session, session.get_one(Poll, poll.id), by=None)
    assert "All your polls are put away." in client.sign_in("maya").get("/m/garden/polls").text
    assert "No polls at the moment" in client.sign_in("ravi").get("/m/garden/polls").text


def acts(page):
    """What the overview offers: the last part of each form's address, in order."""
    return re.findall(r'(?:action|href)="/m/garden/polls/[^"/]+/([a-z.]+)"', page[page.index("<main") :])


FILES = ("file.yaml", "file.json")
OPEN = ("sharing", "mailings", "results", "themes", "schedule", "translations", "closing")


@pytest.mark.parametrize(("state", "offered"), [
    ("open", [*OPEN, "editions", "copies", *FILES]),
    ("answered", [*OPEN, "corrections", "editions", "copies", *FILES]),
    ("closed", ["reopening", "results", "themes", "translations", "reopening", "editions", "copies", "archiving", *FILES]),
    ("scheduled", ["sharing", "schedule", "translations", "opening", "copies", *FILES]),
    ("put away", ["restoring", "results", "themes", "translations", "editions", "copies", *FILES]),
])  # fmt: skip
def test_what_can_be_done_follows_the_state(world, client, state, offered):
    times = {"opens_at": now() + timedelta(days=1)} if state == "scheduled" else {}
    poll = world.draft_poll(**times)
    published(world, poll)
    if state == "answered":
        world.vote(poll, {"q1": "Yes"})
    if state in ("closed", "put away"):
        world.close(poll)
    if state == "put away":
        with writing() as session:
            archive.put_away(session, session.get_one(Poll, poll.id), by=None)
    page = client.sign_in("maya").get(poll.page).text
    assert acts(page) == offered
    assert ("?edit=1" in page) == (state in ("open", "scheduled"))
    ravis = client.sign_in("ravi").get(poll.page).text
    assert not {
        "closing",
        "reopening",
        "opening",
        "editions",
        "copies",
        "archiving",
        "restoring",
        "schedule",
        "mailings",
    } & set(acts(ravis))
    assert "?edit=1" not in ravis


def test_a_scheduled_poll_is_shared_with_its_time(world, client):
    poll = world.draft_poll(opens_at=now() + timedelta(days=1))
    published(world, poll)
    page = client.sign_in("maya").get(f"{poll.page}/sharing").text
    assert "The poll opens by itself:" in page
    assert f"/p/{poll.slug}" in page


def test_the_gallery_shows_each_starter_with_its_questions_and_leads_to_the_editor(world, client):
    page = client.sign_in("maya").get("/m/garden/polls/templates").text
    assert len(gallery()) >= 12
    for starter in gallery():
        assert f'href="/m/garden/polls/new?template={starter.name}"' in page
        for question in starter.questions:
            assert question.wording.replace("'", "&#39;") in page


def test_the_gallery_asks_in_the_communitys_language(world, client):
    with writing() as session:
        world.the_community(session).locale = "fr"
    page = client.sign_in("maya").get("/m/garden/polls/templates").text
    assert 'lang="fr"' in page
    assert "Begin with a template" in page
