"""Edits of themes through HTTP: the forms of the pages, and the API."""

import re

import pytest
from sqlmodel import col, select

from feedback.models import Assignment, Comment, Response, Theme, ThemeEdit
from feedback.themes import refreshing as themes
from heard.kit.clock import now
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, say, theme_of

TEXT = [Draft("long_text", "What should change?")]
EDIT = [("ines", 303), ("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world):
    made = world.open_poll(TEXT, title="The library")
    say(made.id, ALL)
    themes.refresh(made.id)
    return made


@pytest.fixture
def two(poll) -> tuple[int, int]:
    """The fine themes of the cold and of the staff."""
    with reading() as session:
        said = session.exec(select(Comment.id).where(Comment.poll_id == poll.id).order_by(Comment.said_at)).all()
        return theme_of(session, said[2]).id or 0, theme_of(session, said[1]).id or 0


def members(theme: int) -> list[int]:
    with reading() as session:
        return sorted(session.exec(select(Assignment.comment_id).where(Assignment.theme_id == theme)).all())


def path(theme: int) -> str:
    return f"/m/garden/themes/{theme}"


@pytest.fixture
def call(world, client):
    """call("ravi", "GET", "/polls/…") with that person's token."""

    def send(person, method, path, **more):
        token = world.token(person, community="outside" if person == "olu" else "garden")
        return client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"}, **more)

    return send


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_analysts_and_above_merge_and_take_back(poll, two, client, session, person, status):
    cold, staff = two
    browser = client.sign_in(person)
    merged = browser.post(f"{path(cold)}/edits", data={"kind": "merge", "into": staff})
    edit = session.exec(select(ThemeEdit.id)).first() or 1
    undone = browser.post(f"{poll.page}/themes/edits/{edit}/undoing")
    assert merged.status_code == status
    assert undone.status_code == (404 if status == 404 else status)
    assert len(session.exec(select(ThemeEdit)).all()) == (status == 303)


def test_ticked_answers_become_a_theme_and_the_page_says_how_to_take_it_back(two, client, session):
    cold, browser = two[0], client.sign_in("ravi")
    chosen = members(cold)[:2]
    answer = browser.post(f"{path(cold)}/edits", data={"kind": "split", "new_label": "Cold hands", "comment": chosen})
    page = browser.get(answer.headers["location"]).text
    new = session.exec(select(Theme).where(Theme.label == "Cold hands")).one()
    assert members(new.id) == chosen
    assert "Made “Cold hands” of 2 answers of “" in page
    assert re.search(r'action="[^"]*/themes/edits/\d+/undoing"', page)


def test_ticked_answers_move_to_another_theme_or_stand_alone(two, client):
    (cold, staff), browser = two, client.sign_in("maya")
    first, second = members(cold)[:2]
    browser.post(f"{path(cold)}/edits", data={"kind": "move", "into": staff, "comment": first})
    browser.post(f"{path(cold)}/edits", data={"kind": "move", "into": "alone", "comment": second})
    assert first in members(staff)
    assert second not in members(cold) + members(staff)


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "split", "new_label": "Cold"},
        {"kind": "split", "new_label": "", "comment": "1"},
        {"kind": "move", "into": "7" * 30},
        {"kind": "move", "into": "", "comment": "x"},
        {"kind": "merge", "into": "-1"},
        {"kind": "merge"},
        {"kind": "explode"},
        {},
    ],
)
def test_what_cannot_be_done_is_said_beside_the_form_and_changes_nothing(two, client, session, sent):
    answer = client.sign_in("ravi").post(f"{path(two[0])}/edits", data=sent)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not session.exec(select(ThemeEdit)).all()


def test_what_was_ticked_stays_ticked_when_it_is_refused(two, client):
    chosen = members(two[0])[0]
    answer = client.sign_in("ravi").post(f"{path(two[0])}/edits", data={"kind": "split", "comment": [chosen]})
    assert f'value="{chosen}" checked' in answer.text
    assert 'id="new_label-error"' in answer.text


def test_the_address_of_a_theme_merged_away_leads_on_and_its_forms_say_where(two, client):
    (cold, staff), browser = two, client.sign_in("ravi")
    browser.post(f"{path(cold)}/edits", data={"kind": "merge", "into": staff})
    assert browser.get(f"{path(cold)}/trend").headers["location"] == f"{path(staff)}/trend"
    led, refused = browser.get(path(cold)), browser.post(path(cold), data={"label": "Cold"})
    assert (led.status_code, led.headers["location"]) == (303, path(staff))
    assert refused.status_code == 409
    assert "was merged into" in refused.text
    assert path(staff) in refused.text


def test_a_hidden_theme_is_marked_on_the_board_and_not_there_for_viewers(poll, two, client, call):
    browser = client.sign_in("ravi")
    browser.post(f"{path(two[0])}/edits", data={"kind": "hide", "on": "yes"})
    assert "Hidden" in browser.get(f"{poll.page}/themes").text
    assert client.sign_in("vic").get(path(two[0])).status_code == 404
    assert "Hidden" not in client.sign_in("vic").get(f"{poll.page}/themes").text
    rows = {person: call(person, "GET", f"/polls/{poll.slug}/themes").json()["themes"] for person in ("vic", "ravi")}
    assert two[0] not in {row["id"] for row in rows["vic"]}
    assert {row["hidden"] for row in rows["ravi"] if row["id"] == two[0]} == {True}
    assert call("vic", "GET", f"/themes/{two[0]}/comments").status_code == 404


def test_what_people_changed_is_listed_with_an_undo_on_the_newest(poll, two, client):
    browser = client.sign_in("maya")
    for on in ("yes", "no"):
        browser.post(f"{path(two[0])}/edits", data={"kind": "pin", "on": on})
    page = browser.get(f"{poll.page}/themes").text
    assert page.count("/undoing") == 1
    assert page.index("Let “") < page.index("Pinned “")
    assert "What people changed" not in client.sign_in("vic").get(f"{poll.page}/themes").text


def test_names_in_the_list_are_never_markup(poll, two, client):
    browser, hostile = client.sign_in("maya"), "<b onclick=x>%(n)s {{ 7 * 7 }}</b>"
    browser.post(path(two[0]), data={"label": hostile})
    browser.post(f"{path(two[0])}/edits", data={"kind": "merge", "into": two[1]})
    for page in (f"{poll.page}/themes", path(two[1])):
        assert "<b onclick" not in browser.get(page).text


def test_the_api_changes_lists_and_takes_back(poll, two, call, session):
    cold, staff = two
    stood = members(cold)
    merged = call("ravi", "POST", f"/themes/{cold}/edits", json={"kind": "merge", "into": staff})
    assert merged.status_code == 201
    edit = merged.json()["edit"]
    assert (edit["kind"], edit["theme"], edit["other"], edit["n"], edit["newest"]) == (
        "merge",
        cold,
        staff,
        len(stood),
        True,
    )
    assert call("ravi", "GET", f"/themes/{cold}").json()["id"] == staff
    refused = call("maya", "PATCH", f"/themes/{cold}", json={"label": "Cold"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "theme_merged_away")
    later = call("maya", "POST", f"/themes/{staff}/edits", json={"kind": "pin"}).json()["edit"]
    undoing = f"/polls/{poll.slug}/themes/edits/{{}}/undoing"
    early = call("maya", "POST", undoing.format(edit["id"]))
    assert (early.status_code, early.json()["error"]["code"]) == (409, "later_edit_stands")
    assert call("maya", "POST", undoing.format(later["id"])).status_code == 200
    assert call("maya", "POST", undoing.format(edit["id"])).json()["undone_at"]
    assert call("maya", "POST", undoing.format(edit["id"])).status_code == 200
    first = call("ravi", "GET", f"/polls/{poll.slug}/themes/edits?limit=1").json()
    rest = call("ravi", "GET", f"/polls/{poll.slug}/themes/edits?cursor={first['next']}").json()
    assert [e["id"] for e in first["edits"] + rest["edits"]] == [later["id"], edit["id"]]
    assert members(cold) == stood


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "split", "label": "x", "comments": ["1"]},
        {"kind": "split", "label": "x", "comments": [2**63]},
        {"kind": "split", "label": "x", "comments": [True]},
        {"kind": "move", "comments": []},
        {"kind": "merge", "into": None},
        {"kind": "merge", "into": 2**62},
        {"kind": "hide", "poll_id": 1},
        {"kind": "rename", "label": "a\0b"},
        {},
    ],
)
def test_a_wrong_edit_is_refused_by_the_api(two, call, body, session):
    assert call("ravi", "POST", f"/themes/{two[0]}/edits", json=body).status_code == 422
    assert not session.exec(select(ThemeEdit)).all()


def test_an_edit_of_another_poll_is_not_found(world, poll, two, call):
    edit = call("ravi", "POST", f"/themes/{two[0]}/edits", json={"kind": "pin"}).json()["edit"]["id"]
    other = world.open_poll(TEXT, title="Elsewhere")
    for number in (edit, 0, 10**12):
        assert call("ravi", "POST", f"/polls/{other.slug}/themes/edits/{number}/undoing").status_code == 404


def test_while_an_anonymous_poll_holds_its_comments_back_nothing_is_done_or_told_of_them(world, call, client):
    poll = world.open_poll(TEXT, title="Quiet words", anonymous=True, voter_rule="open")
    for text in ALL[:6]:
        world.vote(poll, {"q1": text})
    themes.refresh(poll.id)
    with reading() as session:
        theme = session.exec(
            select(Theme.id).where(Theme.poll_id == poll.id, col(Theme.parent_id).is_not(None))
        ).first()
    mine = members(theme)
    assert call("ravi", "POST", f"/themes/{theme}/edits", json={"kind": "pin"}).status_code == 201
    with writing() as session:
        for response in session.exec(select(Response).where(Response.poll_id == poll.id)).all()[:3]:
            response.withdrawn_at = now()
    one = {"kind": "move", "comments": mine[:1]}
    assert call("ravi", "POST", f"/themes/{theme}/edits", json=one).status_code == 404
    assert call("ravi", "GET", f"/polls/{poll.slug}/themes/edits").json() == {"edits": [], "next": None}
    assert "What people changed" not in client.sign_in("ravi").get(f"{poll.page}/themes").text
