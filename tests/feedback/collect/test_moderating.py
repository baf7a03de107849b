"""Statements that are taken out of an open poll: asked of nobody, on no public page, their votes kept, and put back."""

import pytest
from sqlmodel import select

from feedback.exports import exporting
from feedback.imports import run
from feedback.integrity.verifying import verify
from heard.accounts.models import AuditEntry
from heard.kit.db import reading
from polls.kinds.kind import Draft
from polls.kinds.statements import statement_problem
from polls.models import Option
from tests.contracts import full_house
from tests.feedback.collect.test_suggestion_pages import vote
from tests.feedback.voting import rows

OUT, IN = "moderation", "readmission"
WORDS = ("More benches", "Longer hours", "Zq the mayor is a crook")


@pytest.fixture
def poll(world):
    return world.open_poll(
        [Draft("statements", "What do you think?", WORDS)], title="The garden", results_rule="always"
    )


def move(browser, poll, what, place=2):
    """Take the third statement out, or put it back."""
    return browser.post(f"{poll.page}/options/{poll.questions[0].options[place].id}/{what}")


@pytest.mark.both
def test_what_is_taken_out_is_asked_of_nobody_and_stands_on_no_public_page(poll, client):
    maya, bad = client.sign_in("maya"), WORDS[2]
    receipt = vote(client, poll, s1="1", s3="1")
    public = [
        f"/p/{poll.slug}",
        f"/p/{poll.slug}/results",
        f"{receipt}/results",
        f"/api/v1/polls/{poll.slug}/results",
        f"/e/{poll.slug}",
    ]
    assert all(bad in client.get(path).text for path in public)
    assert "Nobody is asked about it any more" in maya.follow(move(maya, poll, OUT)).text
    assert not [path for path in [*public, f"/p/{poll.slug}/groups"] if bad in client.get(path).text]
    for page in (f"{poll.page}/results", f"{poll.page}/statements"):
        assert "Moderated out" in maya.get(page).text
        assert bad in maya.get(page).text
    assert verify(poll.slug).sound
    assert "groups" in {row["kind"] for row in rows("work_due")}
    assert "back in the poll" in maya.follow(move(maya, poll, IN)).text
    assert all(bad in client.get(path).text for path in public)


def test_a_vote_on_it_stays_when_the_ballot_is_changed(poll, world, client):
    receipt = vote(client, poll, s1="1", s3="1")
    move(client.sign_in("maya"), poll, OUT)
    form = client.get(f"{receipt}/change").text
    first, _second, out = (poll.questions[0].item_name(option.id) for option in poll.questions[0].options)
    assert f'<input type="hidden" name="{out}" value="1">' in form
    assert WORDS[2] not in form
    client.post(receipt, data={first: "-1", out: "1"})
    told = {item["label"]: item for item in world.heard("vic").results(poll.slug)["questions"][0]["items"]}
    assert [option["count"] for option in told[WORDS[0]]["options"]] == [0, 1, 0]
    assert [option["count"] for option in told[WORDS[2]]["options"]] == [1, 0, 0]
    assert [item.get("moderated", False) for item in told.values()] == [False, False, True]


def test_the_finding_never_names_it(poll, client):
    vote(client, poll, s3="1")
    move(client.sign_in("maya"), poll, OUT)
    assert WORDS[2] not in client.get(f"/p/{poll.slug}/results").text
    assert "Nobody agrees with any of the statements." in client.get(f"/p/{poll.slug}/results").text


def test_it_is_written_down_who_did_it_once(poll, world, client):
    maya = client.sign_in("maya")
    for what in (OUT, OUT, IN, IN):
        assert move(maya, poll, what).status_code == 303
    with reading() as session:
        entries = session.exec(
            select(AuditEntry).where(AuditEntry.action.like("statement.%")).order_by(AuditEntry.id)
        ).all()
    assert [(e.action, e.account_id) for e in entries] == [
        ("statement.moderated_out", world.people["maya"].id), ("statement.put_back", world.people["maya"].id),
    ]  # fmt: skip


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("olu", 404)])
@pytest.mark.parametrize("what", [OUT, IN])
def test_only_a_manager_moderates(poll, client, person, status, what):
    browser = client.sign_in(person)
    before = full_house.contents()["options"]
    assert move(browser, poll, what).status_code == status
    assert (full_house.contents()["options"] != before) == ((person, what) == ("maya", OUT))


def test_the_last_one_that_is_asked_stays(poll, client):
    maya = client.sign_in("maya")
    assert [move(maya, poll, OUT, place).status_code for place in (2, 1, 0)] == [303, 303, 409]
    assert WORDS[0] in client.get(f"/p/{poll.slug}").text


def test_a_foreign_option_is_not_found(poll, world, client):
    other = world.open_poll()
    maya = client.sign_in("maya")
    for option in (other.questions[0].options[0].id, 10**18, 2**63):
        assert maya.post(f"{poll.page}/options/{option}/{OUT}").status_code == 404
    assert maya.post(f"{other.page}/options/{other.questions[0].options[0].id}/{OUT}").status_code == 404


def test_its_words_do_not_come_back_as_a_members_statement(poll, world, client):
    move(client.sign_in("maya"), poll, OUT)
    assert "have taken" in statement_problem(world.frozen(poll).questions[0], WORDS[2].upper())


def test_a_copy_of_the_poll_asks_without_it(poll, world, client):
    maya = client.sign_in("maya")
    move(maya, poll, OUT)
    copy = maya.post(f"{poll.page}/copies").headers["location"]
    assert WORDS[0] in maya.get(copy).text
    assert WORDS[2] not in maya.get(copy).text


def test_out_and_in_again_as_polis_files_keeps_it(poll, client, tmp_path):
    for stance in ("1", "1", "-1"):
        vote(client, poll, s1=stance, s2="1", s3=stance)
    move(client.sign_in("maya"), poll, OUT)
    for form, name in (("participants", "participants-votes.csv"), ("statements", "comments.csv")):
        (tmp_path / name).write_bytes(b"".join(exporting.download(poll.slug, form).pieces))
    assert f'"-1","{WORDS[2]}"' in (tmp_path / "comments.csv").read_text()
    report = run.run(tmp_path / "participants-votes.csv", "garden", new_poll="Again")
    with reading() as session:
        options = session.exec(select(Option).where(Option.label.in_(WORDS)).order_by(Option.id)).all()
    assert [(o.label, o.moderated) for o in options[3:]] == [(label, label == WORDS[2]) for label in WORDS]
    again = ["".join(exporting.export(report.slug, form)) for form in ("participants", "statements")]
    matrices = [text.split() for text in (again[0], (tmp_path / "participants-votes.csv").read_text())]
    one, other = (sorted(line.partition(",")[2] for line in lines) for lines in matrices)  # without the random numbers
    assert one == other
    assert again[1].split() == (tmp_path / "comments.csv").read_text().split()
