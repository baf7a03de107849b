"""Statements that members add: kept apart from the answers, accepted into the poll, or gone without a trace."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import select

from feedback.collect import intake, suggestions, voters
from feedback.collect.ballots import from_json
from feedback.collect.recording import Change
from feedback.collect.suggestions import NobodyCouldVote, StatementDecided
from feedback.exports import exporting
from feedback.integrity.verifying import verify
from feedback.jobs import accept_statement
from heard.accounts.models import AuditEntry
from heard.kit import tokens, work
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput, NotFound
from polls.kinds.kind import BadAnswer, Draft
from polls.models import Poll
from tests.browser_client import the_loop
from tests.feedback.voting import n_of, rows

pytestmark = pytest.mark.both
STATEMENTS = ("More benches", "Longer hours")


def adding(world, *statements, **more):
    """An open poll to whose statements members add. `check_first` goes to the question, the rest to the poll."""
    settings = {"members_add": True, "check_first": more.pop("check_first", True)}
    asked = Draft("statements", "What do you think?", statements or STATEMENTS, settings=settings)
    return world.open_poll([asked], title="The garden", **more)


def say(world, poll, voter, own="", **stances):
    """A ballot of this voter: a statement of one's own, and agree, disagree or skip for statements by place: s1=1."""
    frozen = world.frozen(poll)
    answers = answers_of(frozen, own, **stances)
    submission = f"{voter}-{tokens.fresh()}"
    known = frozen.voter_rule != "open"
    key = voters.key_of(poll.id, "api", voter) if known else voters.key_for_submission(poll.id, submission)
    return intake.submit(voters.ballot_of(frozen, voters.Voter(key, known), submission, answers, "api")).receipt


def answers_of(frozen, own="", **stances):
    """The answers of such a ballot, checked."""
    question = frozen.questions[0]
    items = [{"item": question.options[int(name[1:]) - 1].id, "number": n} for name, n in stances.items()]
    return from_json(frozen, [{"question": question.id, "items": items, **({"text": own} if own else {})}])


def change(world, poll, receipt, own="", **stances):
    """Other answers for this receipt; without any, it is withdrawn."""
    frozen = world.frozen(poll)
    answers = answers_of(frozen, own, **stances) if own or stances else None
    return the_loop.call(intake.change_soon, Change(frozen, tokens.hashed(receipt), answers))


def accept(world, poll, statement, **more):
    with writing() as session:
        return suggestions.accept(session, session.get_one(Poll, poll.id), statement, by=world.people["maya"], **more)


def reject(world, poll, statement):
    with writing() as session:
        suggestions.reject(session, session.get_one(Poll, poll.id), statement, by=world.people["maya"])


def waiting(poll):
    """Words and ids of what a manager has to read."""
    with reading() as session:
        return {s.text: s.id for s in suggestions.waiting(session, poll.id)}


def labels(world, poll):
    return [o.label for o in world.frozen(poll).questions[0].options]


def test_it_waits_beside_the_answers_and_is_none(world):
    poll = adding(world)
    say(world, poll, "ada", "  A café,\n please ", s1=1)
    assert [s["text"] for s in rows("suggestions")] == ["A café, please"]
    assert [(a["number"], a["text"]) for a in rows("answers")] == [(1, None)]
    assert rows("comments") == []
    assert not [r for r in rows("work_due") if r["kind"] == "accept_statement"]
    assert labels(world, poll) == list(STATEMENTS)
    assert verify(poll.slug).sound


def test_a_ballot_with_nothing_but_a_statement_is_counted(world):
    poll = adding(world)
    say(world, poll, "ada", "A café")
    assert n_of(poll) == 1
    assert verify(poll.slug).sound


def test_what_is_there_already_is_refused_in_words(world):
    poll = adding(world)
    with pytest.raises(BadAnswer, match="“More benches” is a statement here already"):
        say(world, poll, "ada", "more  BENCHES.")


def test_the_same_words_of_two_people_wait_once(world):
    poll = adding(world)
    say(world, poll, "ada", "A café")
    say(world, poll, "bo", "a café.")
    assert list(waiting(poll)) == ["A café"]
    assert n_of(poll) == 2


def test_changing_the_ballot_replaces_what_waits(world):
    poll = adding(world)
    receipt = say(world, poll, "ada", "A cafe", s1=1)
    change(world, poll, receipt, "A café", s1=-1)
    assert list(waiting(poll)) == ["A café"]
    before = waiting(poll)
    change(world, poll, receipt, "A café", s2=1)
    assert waiting(poll) == before  # said again, it keeps its place
    change(world, poll, receipt, s2=1)
    assert waiting(poll) == {}


def test_withdrawing_takes_away_what_waits_and_leaves_what_was_accepted(world):
    poll = adding(world)
    one, two = say(world, poll, "ada", "A café"), say(world, poll, "bo", "A pond")
    accept(world, poll, waiting(poll)["A pond"])
    change(world, poll, one)
    change(world, poll, two)
    assert [(s["text"], s["state"]) for s in rows("suggestions")] == [("A pond", "accepted")]
    assert labels(world, poll) == [*STATEMENTS, "A pond"]
    assert (n_of(poll), verify(poll.slug).sound) == (0, True)


def test_an_accepted_one_is_the_last_statement_and_people_vote_on_it(world):
    poll = adding(world)
    receipt = say(world, poll, "ada", "A cafe", s1=1)
    option = accept(world, poll, waiting(poll)["A cafe"], words="A café")
    frozen = world.frozen(poll)
    assert [(o.id, o.label) for o in frozen.questions[0].options][-1] == (option, "A café")
    assert frozen.revision == poll.frozen.revision + 1
    say(world, poll, "bo", s3=1)
    change(world, poll, receipt, s1=1, s3=1)
    assert verify(poll.slug).sound
    with reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "statement.accepted")).one()
    assert entry.details == {"option_id": option, "corrected": True}


def test_a_ballot_on_its_way_while_a_statement_is_accepted_is_counted(world):
    poll = adding(world)
    say(world, poll, "ada", "A café")
    stale = answers_of(poll.frozen, s1=1)
    accept(world, poll, waiting(poll)["A café"])
    key = voters.Voter(voters.key_of(poll.id, "api", "bo"), True)
    intake.submit(voters.ballot_of(poll.frozen, key, "s", stale, "api"))
    assert n_of(poll) == 2


def test_a_ballot_adds_one_statement(world):
    poll = adding(world)
    receipt = say(world, poll, "ada", "A café")
    accept(world, poll, waiting(poll)["A café"])
    for another in (lambda: change(world, poll, receipt, "A pond", s1=1), lambda: say(world, poll, "ada", "A pond")):
        with pytest.raises(BadAnswer, match="A ballot adds one statement"):
            another()
    change(world, poll, receipt, s1=1)
    assert waiting(poll) == {}


def test_a_rejected_one_leaves_no_words_and_does_not_come_back(world):
    poll = adding(world)
    receipt = say(world, poll, "ada", "Xylophones at dawn", s1=1)
    reject(world, poll, waiting(poll)["Xylophones at dawn"])
    say(world, poll, "bo", "xylophones at DAWN")
    assert waiting(poll) == {}
    assert [(s["text"], s["state"]) for s in rows("suggestions")] == [("", "rejected")]
    change(world, poll, receipt, s1=-1)
    assert (n_of(poll), verify(poll.slug).sound) == (2, True)


def test_who_is_second_to_decide_is_told(world):
    poll = adding(world)
    say(world, poll, "ada", "A café")
    statement = waiting(poll)["A café"]
    accept(world, poll, statement)
    for again in (accept, reject):
        with pytest.raises(StatementDecided):
            again(world, poll, statement)


@pytest.mark.parametrize("words", ["", " ", "…", "x" * 281, "longer hours"])
def test_a_correction_that_is_no_statement_is_refused_and_it_still_waits(world, words):
    poll = adding(world)
    say(world, poll, "ada", "A cafe")
    with pytest.raises(BadInput):
        accept(world, poll, waiting(poll)["A cafe"], words=words)
    assert list(waiting(poll)) == ["A cafe"]


def test_a_closed_poll_takes_no_statement_and_keeps_it_waiting(world):
    poll = adding(world)
    say(world, poll, "ada", "A café")
    world.close(poll)
    with pytest.raises(NobodyCouldVote):
        accept(world, poll, waiting(poll)["A café"])
    assert list(waiting(poll)) == ["A café"]


def test_a_statement_of_another_poll_is_not_there(world):
    poll, other = adding(world), adding(world)
    say(world, poll, "ada", "A café")
    for strange in (waiting(poll)["A café"], 0, -1, 2**63, 10**30):
        with pytest.raises(NotFound):
            accept(world, other, strange)


def test_where_nobody_reads_first_it_appears_with_the_next_work(world):
    poll = adding(world, check_first=False)
    say(world, poll, "ada", "A café")
    assert labels(world, poll) == list(STATEMENTS)
    work.run_due()
    assert labels(world, poll) == [*STATEMENTS, "A café"]


def test_the_work_done_twice_or_too_late_does_nothing(world):
    poll = adding(world, check_first=False)
    receipt = say(world, poll, "ada", "A café")
    say(world, poll, "bo", "A pond")
    gone, stays = waiting(poll)["A café"], waiting(poll)["A pond"]
    change(world, poll, receipt)
    for statement in (stays, stays, gone, 77):
        accept_statement(statement)
    assert labels(world, poll) == [*STATEMENTS, "A pond"]
    say(world, poll, "cy", "A hedge")
    world.close(poll)
    work.run_due()
    assert list(waiting(poll)) == ["A hedge"]


def test_two_managers_accept_at_the_same_moment_and_both_statements_have_a_place(world):
    poll = adding(world)
    words = [f"Statement number {n}" for n in range(8)]
    for n, own in enumerate(words):
        say(world, poll, f"voter {n}", own)
    statements, ready = list(waiting(poll).values()), Barrier(9)

    def one(statement):
        ready.wait()
        accept(world, poll, statement)

    def votes():
        ready.wait()
        for n in range(8, 20):
            say(world, poll, f"voter {n}", s1=1)

    with ThreadPoolExecutor(9) as threads:
        for done in [threads.submit(votes), *(threads.submit(one, s) for s in statements)]:
            done.result()
    assert sorted(labels(world, poll)[2:]) == words
    assert (n_of(poll), verify(poll.slug).sound) == (20, True)


def test_an_anonymous_poll_keeps_nothing_that_leads_to_the_member(world):
    poll = adding(world, anonymous=True)
    receipts = [say(world, poll, f"voter {n}", f"Statement number {n}", s1=1) for n in range(4)]
    assert {(s["response_id"], s["said_at"]) for s in rows("suggestions")} == {(None, None)}
    assert waiting(poll) == {}  # four people are too few to show what one of them wrote
    with pytest.raises(BadAnswer, match="only be added with the first answer"):
        change(world, poll, receipts[0], "Another", s1=1)
    say(world, poll, "voter 4", s1=1)
    assert len(waiting(poll)) == 4
    change(world, poll, receipts[0])
    assert len(waiting(poll)) == 4
    accept(world, poll, waiting(poll)["Statement number 0"])
    assert verify(poll.slug).sound


def test_in_an_anonymous_poll_they_appear_together_with_a_step(world):
    poll = adding(world, anonymous=True, check_first=False)
    for n in range(4):
        say(world, poll, f"voter {n}", f"Statement number {n}")
    work.run_due()
    assert labels(world, poll) == list(STATEMENTS)
    say(world, poll, "voter 4", s1=1)
    work.run_due()
    assert sorted(labels(world, poll)[2:]) == [f"Statement number {n}" for n in range(4)]


def test_no_export_holds_what_waits(world):
    poll = adding(world)
    say(world, poll, "ada", "Xylophones at dawn", s1=1)
    say(world, poll, "bo", "A pond")
    accept(world, poll, waiting(poll)["A pond"])
    for form in ("csv", "long", "jsonl"):
        assert "Xylophones" not in "".join(exporting.export(poll.slug, form))
    assert "A pond" in "".join(exporting.export(poll.slug, "csv"))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rules", [{}, {"check_first": False}, {"anonymous": True}], ids=str)
def test_whatever_people_do_the_counters_are_the_recount(world, seed, rules):
    """Random sequences of voting, adding, changing, withdrawing, accepting and rejecting."""
    poll, chance, receipts, added = adding(world, **rules), random.Random(f"{seed}{rules}"), [], 0
    for step in range(40):
        many, act = len(world.frozen(poll).questions[0].options), chance.choice("vvvvccwaarj")
        stances = {f"s{chance.randint(1, many)}": chance.choice((-1, 0, 1)) for _ in range(chance.randint(0, 3))}
        own = chance.choice(("", f"Thought {chance.randint(1, 12)}"))
        try:
            if act == "v" and (own or stances):
                receipts.append(say(world, poll, f"voter {step}", own, **stances))
            elif act == "c" and receipts and (own or stances):
                change(world, poll, chance.choice(receipts), own, **stances)
            elif act == "w" and receipts:
                change(world, poll, chance.choice(receipts))
            elif act == "j":
                work.run_due()
            elif act in "ar" and (left := sorted(waiting(poll).values())):
                (accept if act == "a" else reject)(world, poll, chance.choice(left))
                added += act == "a"
        except BadAnswer:
            continue
    found = verify(poll.slug)
    assert found.differences == []
    stored = rows("suggestions")
    accepted = {s["option_id"] for s in stored if s["state"] == "accepted"}
    assert accepted == {o.id for o in world.frozen(poll).questions[0].options[2:]}
    assert len(accepted) >= added
    assert all((s["text"] == "") == (s["state"] == "rejected") for s in stored)
    assert {s["question_id"] for s in stored} <= {poll.questions[0].id}
    per_ballot = [s["response_id"] for s in stored if s["response_id"]]
    assert len(per_ballot) == len(set(per_ballot))


def test_the_disk_of_an_anonymous_poll_does_not_tell_who_brought_which_statement(world, database):
    """PostgreSQL keeps with each row the number of its transaction: that of turnout must not lead to a statement."""
    poll = adding(world, anonymous=True)
    for n in range(5):
        say(world, poll, f"voter {n}", f"Statement number {n}")
    if database == "postgresql":
        with reading() as session:
            together = "SELECT count(*) FROM suggestions GROUP BY xmin::text"
            assert list(session.execute(text(together)).scalars()) == [5]
    assert sorted(s["text"] for s in rows("suggestions")) == [f"Statement number {n}" for n in range(5)]
    assert {s["released"] for s in rows("suggestions")} <= {True}
