"""The editor through HTTP: its fields, bad input, two editors, polls that are open already, the preview in each place."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import writing
from polls.kinds.kind import Draft
from polls.logic import Condition, ShowIf
from polls.models import Poll, Question
from tests.polls.test_pages import DAYS, NEW, form

WHY = ("long_text", "Why?", "")


@pytest.fixture
def maya(client):
    """Maya's browser."""
    return client.sign_in("maya")


@pytest.fixture
def paris(world):
    """The community keeps the time of Paris."""
    with writing() as session:
        world.the_community(session).zone = "Europe/Paris"


def by_hand(page):
    """Whether the editor is saved by its buttons only."""
    return " data-by-hand" in re.search(r'<form id="editor".*?>', page, re.S)[0]


@pytest.mark.both
def test_everything_the_editor_knows_is_stored(maya, session, paris):
    sent = form(DAYS, ("rating", "How was it?", ""), WHY, do="save", paged="1", opens_at="2099-03-01T10:00", closes="at",
                closes_at="2099-04-01T10:00") | {
        "q-0-shuffled": "1", "q-0-keep_last": "1", "q-1-section": "The meeting", "q-1-section_intro": "On Tuesday.",
        "q-2-when": "any", "q-2-if": ["0", "1"], "q-2-if-0-on": "0", "q-2-if-0-op": "is", "q-2-if-0-option": ["Mon", "Tue"],
        "q-2-if-1-on": "1", "q-2-if-1-op": "at_most", "q-2-if-1-number": "2",
    }  # fmt: skip
    at = maya.post(NEW, data=sent).headers["location"]
    poll = session.exec(select(Poll)).one()
    assert poll.paged
    assert (poll.opens_at, poll.closes_at) == (
        datetime(2099, 3, 1, 9, tzinfo=UTC),
        datetime(2099, 4, 1, 8, tzinfo=UTC),
    )
    page = maya.get(at).text
    for kept in (
        'value="The meeting"', "On Tuesday.", 'value="2099-03-01T10:00"', "times of Europe/Paris", 'value="Tue" checked',
        '<option value="any" selected', 'name="q-2-if-1-number" type="text" inputmode="decimal" maxlength="20" value="2"',
    ):  # fmt: skip
        assert kept in page


def test_a_new_poll_closes_by_itself_after_a_week_and_an_old_one_as_it_was_set(maya, world):
    assert '<option value="in_days" data-in-days selected>' in maya.get(NEW).text
    assert '<option value="never" data-never selected>' in maya.get(world.draft_poll().page).text


@pytest.mark.parametrize(("sent", "field", "words"), [
    ({"q-0-options": "Caf\u00e9\n cafe\u0301 "}, "q-0-options", "same option to a reader"),
    ({"q-0-options": "Stra\u00dfe\nSTRASSE"}, "q-0-options", "same option to a reader"),
    ({"q-0-options": "\n".join(f"Option {n}" for n in range(10_000))}, "q-0-options", "at most 1,000 options; these are 10,000"),
    ({"q-0-wording": "w" * 1_000_000}, "q-0-wording", "1,000,000 characters; 1,000 are the most"),
    ({"q-0-options": "é" * 500_000}, "q-0-options", "500,000 characters"),
    ({"q-0-if": "0", "q-0-if-0-on": "1", "q-0-if-0-op": "answered",
      "q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "answered"}, "q-0-show_if", "wait for each other"),
    ({"q-1-if": "0", "q-1-if-0-on": "1", "q-1-if-0-op": "answered"}, "q-1-show_if", "its own answer"),
    ({"q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "is"}, "q-1-show_if", "Say which options"),
    ({"opens_at": "2099-05-02T10:00", "closes": "at", "closes_at": "2099-05-01T10:00"}, "closes_at", "close before it opens"),
    ({"opens_at": "2099-03-29T02:30"}, "opens_at", "that time does not exist. The next one is 03:30"),
    ({"closes": "in_days", "closes_in_days": "900"}, "closes_in_days", "1 to 366 days"),
    ({"closes": "at", "closes_at": "2001-01-01T10:00", "do": "publish"}, "closes_at", "has passed"),
    ({"q-1-section": "s" * 300}, "q-1-section", "300 characters"),
])  # fmt: skip
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(maya, session, paris, sent, field, words):
    answer = maya.post(NEW, data=form(DAYS, WHY, do="save", intro="My intro words") | sent)
    assert answer.status_code == 422
    told = re.search(rf'<p class="error" id="{field}-error">(.*?)</p>', answer.text, re.S)
    assert told
    assert words in told[1]
    assert f'<a href="#{field}"' in answer.text
    assert re.search(rf'id="{field}"', answer.text)
    for kept in ("My intro words", "Why?", *(v for v in sent.values() if isinstance(v, str) and len(v) > 8)):
        assert kept.strip().replace("\r", "") in answer.text
    assert session.exec(select(Poll)).all() == []


def test_an_hour_that_comes_twice_is_told_and_the_poll_is_stored(maya, session, paris):
    page = maya.follow(maya.post(NEW, data=form(DAYS, do="save", opens_at="2099-10-25T02:30")))
    assert "02:30 comes twice. The first one counts." in page.text
    assert session.exec(select(Poll)).one().opens_at == datetime(2099, 10, 25, 0, 30, tzinfo=UTC)


def test_more_than_any_draft_is_refused_before_it_is_read(maya, session):
    answer = maya.post(NEW, data=form(DAYS, intro="x" * 4_500_000))
    assert answer.status_code == 413
    assert session.exec(select(Poll)).all() == []


def test_a_removed_question_can_be_brought_back_without_a_script(maya, session):
    page = maya.post(
        NEW, data=form(DAYS, WHY, do="remove:0") | {"q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "answered"}
    )
    assert "“Which day?” was removed." in page.text
    assert "1 condition looks at a question that was removed. It goes when you save." in page.text
    assert 'value="restore:0"' in page.text
    sent = form(("x", "", ""), WHY, do="restore:0", removed="0:0") | {
        "question": ["1"], "q-0-kind": "single", "q-0-wording": "Which day?", "q-0-options": "1. Mon\n2. Tue",
        "q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "answered",
    }  # fmt: skip
    back = maya.post(NEW, data=sent).text
    assert back.index('id="q-0-wording"') < back.index('id="q-1-wording"')
    assert "“Which day?” was removed" not in back
    maya.post(NEW, data=sent | {"do": "save"})
    [stored] = session.exec(select(Question)).all()  # what was not brought back before saving is gone
    assert stored.wording == "Why?"


def test_two_editors_see_what_differs_in_every_field_and_nothing_saves_itself_meanwhile(world, client, maya):
    poll = world.draft_poll([Draft("single", "Which?", ("A", "B")), Draft("long_text", "Why?")], title="Ours")
    theirs = {
        "q-0-shuffled": "1", "q-1-section": "Part two", "q-1-section_intro": "Nearly done.", "q-1-help": "A word",
        "q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "answered", "closes": "in_days", "closes_in_days": "3",
        "opens_at": "2099-01-01T10:00", "q-1-required": "1",
    }  # fmt: skip
    words = ("single", "Which?", "A\nB"), WHY
    assert (
        client.sign_in("ines").post(poll.page, data=form(*words, title="Ours", do="save") | theirs).status_code == 303
    )
    late = maya.post(poll.page, data=form(*words, title="Ours", do="save"))
    assert late.status_code == 409
    for told in (
        "whether its options change their order", "theirs is “Part two”", "theirs are “Nearly done.”", "theirs is “A word”",
        "the conditions differ", "Opening: theirs 2099-01-01 10:00", "Closing: theirs after 3 days", "its kind or its settings",
    ):  # fmt: skip
        assert told in late.text
    assert by_hand(late.text)
    assert not by_hand(maya.get(poll.page).text)


def test_translations_and_names_of_fields_outlive_an_edit(world, maya):
    poll = world.draft_poll(
        [Draft("single", "Which?", ("A", "B"), field_id="day")], translations={"fr": {"Which?": "Lequel ?"}}
    )
    sent = form(("single", "Which?", "A\nB\nC"), do="save") | {"q-0-field_id": "day"}
    assert 'name="q-0-field_id" value="day"' in maya.get(poll.page).text
    assert maya.post(poll.page, data=sent).status_code == 303
    frozen = world.frozen(poll)
    assert (frozen.translations, frozen.questions[0].field_id) == ({"fr": {"Which?": "Lequel ?"}}, "day")


def test_advice_stands_beside_its_field_and_can_be_put_aside(maya):
    sent = form(("single", "Is it cheap and good?", "Yes\nNo\nDon't know"))
    page = maya.post(NEW, data=sent | {"do": "look"}).text
    [hint] = re.findall(r'data-hint="(0:wording:\w+)"', page)
    assert f'value="quiet:{hint}"' in page
    quiet = maya.post(NEW, data=sent | {"do": f"quiet:{hint}"}).text
    assert "data-hint=" not in quiet
    assert f'name="quiet" value="{hint}"' in quiet
    saved = maya.post(NEW, data=sent | {"do": "save", "quiet": hint})
    assert saved.status_code == 303
    assert "data-hint=" not in maya.follow(saved).text
    assert "data-hint=" in maya.get(saved.headers["location"].partition("?")[0]).text


def test_advice_never_keeps_a_poll_from_being_published(maya, session):
    assert maya.post(NEW, data=form(("single", "Is it cheap and good?", "Yes\nNo"), do="publish")).status_code == 303
    assert session.exec(select(Poll)).one().status == "open"


@pytest.mark.parametrize("place", ["card", "slack", "discord", "mastodon", "discourse", "mail"])
def test_the_preview_shows_each_place_with_its_room(maya, place):
    sent = form(("single", "Which day?", "Mon\nTue"), title="t" * 150, intro="An introduction. " * 220)
    page = maya.post(f"{NEW}/preview?place={place}", data=sent)
    assert page.status_code == 200
    assert re.search(r"[\d,]+ of [\d,]+ (characters|bytes)", page.text)
    assert "too long" in page.text  # the title, the text or the description
    assert "Takes about" in page.text or "Takes less" in page.text
    assert "<form" not in page.text


def test_the_preview_shows_sections_conditions_and_pages(maya):
    sent = form(DAYS, WHY, paged="1") | {
        "q-1-section": "One more thing", "q-1-if": "0", "q-1-if-0-on": "0", "q-1-if-0-op": "is", "q-1-if-0-option": "Mon",
    }  # fmt: skip
    page = maya.post(f"{NEW}/preview", data=sent).text
    for words in (
        "One more thing",
        "Asked only if the answer to question 1 is one of: Mon.",
        "People see this page by page.",
    ):
        assert words in page


def test_a_place_there_is_not_is_not_found(maya):
    assert maya.get(f"{NEW}/preview?place=mars").status_code == 404


def test_ravi_and_olu_preview_nothing(client):
    assert client.sign_in("ravi").get(f"{NEW}/preview?place=slack").status_code == 403
    assert client.sign_in("olu").get(f"{NEW}/preview?place=slack").status_code == 404


def test_a_template_fills_the_editor_and_stores_nothing(maya, session):
    page = maya.get(NEW).text
    names = re.findall(rf'href="{NEW}\?template=(\w+)"', page)
    assert len(names) == 6
    assert 'href="/m/garden/polls/templates"' in page
    filled = maya.get(f"{NEW}?template={names[0]}").text
    assert filled.count("?template=") == 1  # of the form that changes the language
    assert re.search(r'id="q-0-wording"[^>]*>\n\S', filled)
    assert maya.get(f"{NEW}?template=nothing").status_code == 404
    assert session.exec(select(Poll)).all() == []


def test_templates_speak_the_language_of_the_community(maya, session, world):
    with writing() as writer:
        writer.exec(select(Community).where(Community.slug == "garden")).one().locale = "fr"
    assert '<option value="fr" selected' in maya.get(f"{NEW}?template=nps").text


def test_an_open_poll_that_nobody_has_answered_is_edited_and_stays_open(world, maya):
    poll = world.open_poll(title="Ours")
    assert 'id="editor"' not in maya.get(poll.page).text
    page = maya.get(f"{poll.page}?edit=1").text
    assert "Save and keep it open" in page
    assert "Publish poll" not in page
    assert by_hand(page)  # what people see changes by the button only
    saved = maya.post(poll.page, data=form(DAYS, title="Better", do="save", revision="2"))
    assert saved.headers["location"] == poll.page
    assert (world.frozen(poll).status, world.frozen(poll).title) == ("open", "Better")
    added = maya.post(poll.page, data=form(DAYS, title="Better", do="add", revision="3"))
    assert 'name="q-1-wording"' in added.text


def test_an_open_poll_keeps_its_words_when_the_new_ones_have_gaps(world, maya):
    poll = world.open_poll(title="Ours")
    refused = maya.post(poll.page, data=form(("single", "Only one?", "A"), do="save", revision="2"))
    assert refused.status_code == 422
    assert "needs at least two options" in refused.text
    assert "Only one?" in refused.text
    assert world.frozen(poll).questions == poll.questions


def test_who_is_overtaken_by_the_first_vote_keeps_the_words_and_is_offered_an_edition(world, maya):
    poll = world.open_poll(title="Ours")
    world.vote(poll, {"q1": "Yes"})
    refused = maya.post(poll.page, data=form(("single", "New words?", "A\nB"), do="save"))
    assert refused.status_code == 409
    for words in ("New words?", "Make a new edition of it", "stay as they are"):
        assert words in refused.text
    assert world.frozen(poll).title == "Ours"
    assert 'id="editor"' not in maya.get(f"{poll.page}?edit=1").text
    edition = maya.post(poll.page, data=form(("single", "New words?", "A\nB"), do="edition", revision="2"))
    assert "New words?" in maya.follow(edition).text
    assert edition.headers["location"] != poll.page
    again = maya.post(poll.page, data=form(("single", "Still newer?", "A\nB"), do="edition", revision="2"))
    assert again.status_code == 409  # an edition is begun: nothing of it is overwritten unseen
    assert "theirs is “New words?”, yours is “Still newer?”" in again.text
    assert f'action="{edition.headers["location"]}"' in again.text


@pytest.mark.parametrize(("person", "editor"), [("maya", True), ("ravi", False)])
def test_only_who_may_publish_edits_an_open_poll(world, client, person, editor):
    page = client.sign_in(person).get(f"{world.open_poll().page}?edit=1")
    assert ('id="editor"' in page.text) == editor


def test_olu_finds_no_poll_to_edit(world, client):
    assert client.sign_in("olu").get(f"{world.open_poll().page}?edit=1").status_code == 404


def test_an_option_that_is_gone_stays_in_its_condition_and_is_said(world, maya):
    shown = ShowIf((Condition(0, "is", ("C",)),))
    poll = world.draft_poll([Draft("single", "Which?", ("A", "B")), Draft("long_text", "Why?", show_if=shown)])
    page = maya.get(poll.page).text
    assert re.search(r'value="C" checked><span><bdi>C</bdi> <small>\(no longer there\)', page)


def test_the_time_it_takes_stands_beside_the_saved_state(maya):
    assert "Takes less than a minute to answer" in maya.get(NEW).text
    long = maya.post(NEW, data=form(*[WHY] * 6, do="look")).text
    assert re.search(r'id="minutes">Takes about \d minutes to answer', long)


def test_opening_times_in_the_past_do_no_harm(maya, session):
    past = f"{now() - timedelta(days=2):%Y-%m-%dT%H:%M}"
    assert maya.post(NEW, data=form(DAYS, do="publish", opens_at=past)).status_code == 303
    assert session.exec(select(Poll)).one().status == "open"
