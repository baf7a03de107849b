"""Lists of answers: said once, by pages, by chance, by words; and what moves with a tick."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from feedback.models import Assignment, Comment, Theme, ThemeEdit
from feedback.themes import answers_of
from feedback.themes import refreshing as themes
from feedback.themes.answers_of import Wanted
from feedback.themes.searching import Words
from feedback.themes.text import folded, has_words, same_key, words
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, say, theme_of

TEXT = [Draft("long_text", "What should change?")]
SAME = ["Too cold to sit, and read!", "TOO COLD to sit and read", "too cold to sit and réad."]  # as the ninth of COLD
EDIT = [("ines", 303), ("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world):
    open_ = world.open_poll(TEXT, title="The library")
    said = say(open_.id, [*ALL, *SAME, "Zebra crossing", "Call 020 7946 0018 about the zoo"])
    made = SimpleNamespace(id=open_.id, page=open_.page, said=said)
    themes.refresh(made.id)
    with writing() as session:  # the last two belong nowhere
        for comment in made.said[-2:]:
            session.get_one(Assignment, comment).theme_id = None
    return made


def home(poll, text):
    with reading() as session:
        comment = session.exec(select(Comment).where(Comment.poll_id == poll.id, Comment.text == text)).one()
        return theme_of(session, comment.id)


def lines(poll, wanted):
    with reading() as session:
        return answers_of.lines_of(session, poll.id, wanted)


@pytest.mark.both
def test_what_says_the_same_is_listed_once_with_how_many(poll):
    found = lines(poll, Wanted(home(poll, COLD[8])))
    assert sorted(len(line.ids) for line in found)[-1] == 4
    assert sum(len(line.ids) for line in found) == len({i for line in found for i in line.ids})
    with reading() as session:
        theme = home(poll, COLD[8])
        assert sum(len(line.ids) for line in found) == sum(1 for _ in answers_of.found(session, poll.id, Wanted(theme)))


@pytest.mark.both
def test_a_search_folds_case_and_accents_and_finds_nothing_that_is_masked(poll):
    counts = {"ZÉBRA": 1, "zebra cold": 0, "zoo phone": 0, "7946": 0, "zoo": 1, "%": 0, "_": 0}
    assert {q: sum(len(line.ids) for line in lines(poll, Wanted(words=q))) for q in counts} == counts
    assert [len(line.ids) for line in lines(poll, Wanted(words="RÉAD cold sit"))] == [4]


@pytest.mark.both
def test_pages_by_key_show_every_line_once_whatever_comes_between(poll, monkeypatch):
    monkeypatch.setattr(answers_of, "PAGE", 4)
    from heard.kit.paging import Part

    theme, seen, after = home(poll, COLD[8]), [], None
    while after != "":
        with reading() as session:
            whole = answers_of.lines_of(session, poll.id, Wanted(theme))
            part = answers_of.page_of(session, whole, Part(after or "").after(*answers_of.KEY))
        seen += [answer.comment_id for answer in part.shown]
        after = part.after or ""
    assert sorted(seen) == sorted(line.ids[0] for line in whole)
    assert (part.page, part.pages) == (-(-len(whole) // 4),) * 2


def test_a_sample_has_an_address_and_every_answer_its_chance(poll):
    whole = lines(poll, Wanted())
    with reading() as session:
        first, again, other = (answers_of.sample_of(session, whole, seed).shown for seed in (17, 17, 18))
        drawn = [a.comment_id for seed in range(300) for a in answers_of.sample_of(session, whole, seed).shown]
    assert first == again != other
    heavy = next(line.ids[0] for line in whole if len(line.ids) == 4)
    light = [drawn.count(line.ids[0]) for line in whole if len(line.ids) == 1]
    assert len(first) <= 10
    assert drawn.count(heavy) > max(light)  # four people say it: more often than any that one says
    assert min(light) > 300 * 10 / answers_of._all(whole) / 2


@pytest.mark.both(long=True)
def test_a_tick_before_a_line_moves_all_who_say_it_and_one_undo_brings_them_back(poll, client):
    theme, browser = home(poll, COLD[8]), client.sign_in("ravi")
    page = browser.get(f"/m/garden/themes/{theme.id}").text
    first = next(line.ids for line in lines(poll, Wanted(theme)) if len(line.ids) == 4)
    assert "said by 4" in page
    assert sum(f'value="{i}"' in page for i in first) == 1
    browser.post(f"/m/garden/themes/{theme.id}/edits", data={"kind": "move", "into": "alone", "comment": first[0]})
    with reading() as session:
        edit = session.exec(select(ThemeEdit)).one()
        assert {session.get_one(Assignment, i).theme_id for i in first} == {None}
        assert edit.details["n"] == 4
    browser.post(f"{poll.page}/themes/edits/{edit.id}/undoing")
    with reading() as session:
        assert {session.get_one(Assignment, i).theme_id for i in first} == {theme.id}


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_what_a_search_found_goes_to_a_theme_from_wherever_it_is(poll, client, person, status):
    browser, into = client.sign_in(person), home(poll, COLD[8])
    sent = {"q": "zebra", "kind": "move", "into": into.id, "comment": poll.said[-2]}
    assert browser.post(f"{poll.page}/themes/answers", data=sent).status_code == status
    with reading() as session:
        assert (session.get_one(Assignment, poll.said[-2]).theme_id == into.id) == (status == 303)


@pytest.mark.both(long=True)
def test_answers_that_stand_alone_become_a_theme_that_a_full_reading_keeps_and_an_undo_takes_away(poll, client):
    browser, alone = client.sign_in("maya"), poll.said[-2:]
    answer = browser.post(f"{poll.page}/themes/alone", data={"kind": "split", "new_label": "Animals", "comment": alone})
    page = browser.get(answer.headers["location"]).text
    assert "Made “Animals” of 2 answers." in page
    themes.refresh(poll.id, full=True)
    with reading() as session:
        fine, coarse = session.exec(
            select(Theme).where(Theme.label == "Animals").order_by(Theme.parent_id.is_(None))
        ).all()
        assert fine.parent_id == coarse.id
        assert {session.get_one(Assignment, i).theme_id for i in alone} == {fine.id}
        edit = session.exec(select(ThemeEdit)).one()
    browser.post(f"{poll.page}/themes/edits/{edit.id}/undoing")
    themes.refresh(poll.id)
    with reading() as session:
        assert not session.exec(select(Theme).where(Theme.label == "Animals")).all()
        assert {session.get_one(Assignment, i).theme_id for i in alone} == {None}


@pytest.mark.parametrize("where", ["alone", "answers"])
def test_what_cannot_be_done_is_said_beside_the_list(poll, client, session, where):
    browser = client.sign_in("ravi")
    for sent in (
        {"kind": "split", "new_label": "x"},
        {"kind": "move", "into": "7", "comment": "5"},
        {"kind": "hide"},
        {},
    ):
        answer = browser.post(f"{poll.page}/themes/{where}", data=sent | {"q": "zebra"})
        assert answer.status_code == 422, sent
        assert "error-summary" in answer.text
        assert "Zebra crossing" in answer.text
    assert not session.exec(select(ThemeEdit)).all()


def test_viewers_find_nothing_of_a_hidden_theme(poll, client):
    theme = home(poll, COLD[8])
    client.sign_in("maya").post(f"/m/garden/themes/{theme.id}/edits", data={"kind": "hide", "on": "yes"})
    pages = {
        person: client.sign_in(person).get(f"{poll.page}/themes/answers?q=sit+and+read").text
        for person in ("vic", "ravi")
    }
    assert {person: "too cold to sit" in page.lower() for person, page in pages.items()} == {"vic": False, "ravi": True}


def test_an_anonymous_poll_of_four_tells_nothing_of_its_answers(world, client):
    poll = world.open_poll(TEXT, anonymous=True)
    say(poll.id, COLD)
    themes.refresh(poll.id)
    browser = client.sign_in("maya")
    for page in ("answers?q=cold", "alone", "answers?q=cold&after=zzz"):
        assert "cold to sit" not in browser.get(f"{poll.page}/themes/{page}").text.lower()


def test_the_field_on_the_board_leads_to_what_was_found(poll, client):
    browser = client.sign_in("vic")
    led = browser.get(f"{poll.page}/themes?q=zebra").headers["location"]
    page = browser.get(led).text
    assert "1 answer says “zebra”" in page
    assert 'name="comment"' not in page
    assert re.search(r'action="[^"]+/themes/answers"', browser.get(f"{poll.page}/themes").text)


@given(st.text(max_size=40))
def test_folding_is_the_same_however_it_is_done_quickly(text):
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.casefold())
    slow = "".join(c for c in plain if not unicodedata.combining(c))
    assert folded(text) == slow
    assert same_key(text) == (" ".join(words(slow)) if has_words(text) else text)


@given(st.text(min_size=1, max_size=20))
def test_a_text_is_found_by_its_own_words(text):
    wanted = Words(text)
    assert isinstance(wanted.are_in(text), bool)
    if has_words(text) and text.isascii() and text.replace(" ", "").isalnum():
        assert wanted.are_in(f"before {text} behind") or any(c.isdigit() for c in text)
