from dataclasses import replace

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry
from heard.kit.db import writing
from heard.kit.errors import BadInput
from polls.frozen import freeze, frozen_poll
from polls.kinds.kind import Draft
from polls.models import Option, Poll, Question
from polls.write import authoring, readiness, storing
from polls.write.drafts import PollDraft

pytestmark = pytest.mark.both
DAYS = Draft("single", "Which day?", ("Mon", "Tue"))


def made(world, *questions, title="Best day", **rules):
    """A committed draft's id and slug."""
    with writing() as session:
        poll = authoring.create_poll(
            session, world.the_community(session), title, questions or (DAYS,), by=world.people["maya"], **rules
        )
        return poll.id, poll.slug


def edited(poll_id, draft, *, revision=1, by=None):
    with writing() as session:
        authoring.edit_poll(session, session.get_one(Poll, poll_id), draft, revision=revision, by=by)


def test_a_poll_keeps_its_questions_and_options_in_order(world, session):
    _id, slug = made(
        world, DAYS, Draft("multiple", "Which tools?", ("Spade", "Rake"), settings={"max": 1}, required=True)
    )
    poll = frozen_poll(session, slug)
    assert [(q.kind, q.wording, q.required) for q in poll.questions] == [
        ("single", "Which day?", False),
        ("multiple", "Which tools?", True),
    ]
    assert [o.label for o in poll.questions[1].options] == ["Spade", "Rake"]
    assert poll.questions[1].settings == {"min": 0, "max": 1, "other": False, "dont_know": False}
    assert poll.status == "draft"


def test_rules_not_given_are_the_safe_ones(world, session):
    poll = frozen_poll(session, made(world)[1])
    assert (poll.voter_rule, poll.results_rule, poll.anonymous, poll.listed, poll.may_change) == (
        "browser",
        "after_vote",
        False,
        True,
        True,
    )
    assert poll.locale == "en"


def test_without_a_title_the_first_question_is_the_title(world, session):
    short, long = made(world, title="  ")[1], made(world, Draft("short_text", "why " * 100), title="")[1]
    assert frozen_poll(session, short).title == "Which day?"
    long = frozen_poll(session, long).title
    assert len(long) <= 200
    assert long.endswith("…")


def test_polls_of_one_title_get_addresses_of_their_own(world):
    assert [made(world)[1] for _ in range(3)] == ["best-day", "best-day-2", "best-day-3"]
    assert made(world, title="أفضل يوم")[1] == "poll"
    assert made(world, title="New")[1] == "new-2"  # /m/garden/polls/new is the editor


def test_an_unlisted_poll_has_an_address_of_128_bits(world):
    slugs = {made(world, listed=False)[1] for _ in range(20)}
    assert len(slugs) == 20
    assert all(len(s) >= 22 and "best" not in s for s in slugs)


def test_leaving_the_list_changes_the_address(world, session):
    poll_id, _slug = made(world)
    edited(poll_id, PollDraft("Best day", (DAYS,), listed=False))
    assert len(session.get_one(Poll, poll_id).slug) >= 22


def test_the_kind_brings_its_options_in_the_polls_language(world, session):
    poll = frozen_poll(session, made(world, Draft("yes_no", "Shall we?"))[1])
    assert [o.label for o in poll.questions[0].options] == ["Yes", "No", "Abstain"]


def test_what_is_refused_leaves_nothing_behind(world, session):
    with pytest.raises(BadInput):
        made(world, DAYS, Draft("single", "Which?", ("Mon", "Mon")))
    assert session.exec(select(Poll)).all() == session.exec(select(Question)).all() == []


def test_gaps_are_allowed_in_a_draft_and_named(world, session):
    poll_id, _slug = made(world, Draft("single", "", ()), Draft("single", "Which?", ("A",)))
    gaps = readiness.gaps(freeze(session, session.get_one(Poll, poll_id)))
    assert gaps == [
        "A question has no words yet.",
        "“” needs at least two options.",
        "“Which?” needs at least two options.",
    ]


def test_an_edit_replaces_everything_and_moves_the_revision(world, session):
    poll_id, slug = made(world)
    edited(poll_id, PollDraft("Best hour", (Draft("rating", "How early?"),), intro="Hello"))
    poll = frozen_poll(session, slug)
    assert (poll.title, poll.intro, poll.revision, [q.kind for q in poll.questions]) == (
        "Best hour",
        "Hello",
        2,
        ["rating"],
    )
    assert session.exec(select(Option)).all() == []


def test_a_refused_edit_changes_nothing(world, session):
    poll_id, slug = made(world)
    with pytest.raises(BadInput):
        edited(poll_id, PollDraft("x" * 300, ()))
    poll = frozen_poll(session, slug)
    assert (poll.title, poll.revision, len(poll.questions)) == ("Best day", 1, 1)


def test_the_second_of_two_editors_overwrites_nothing_and_learns_who_was_first(world, session):
    poll_id, slug = made(world)
    edited(poll_id, PollDraft("By Ines", (DAYS,)), by=world.people["ines"])
    with pytest.raises(authoring.EditedElsewhere, match="Ines saved") as overtaken:
        edited(poll_id, PollDraft("By Maya", (DAYS,)), by=world.people["maya"])
    assert (overtaken.value.code, overtaken.value.status) == ("edited_elsewhere", 409)
    assert frozen_poll(session, slug).title == "By Ines"


def test_a_poll_that_nobody_has_answered_yet_can_still_be_edited_and_stays_complete(world):
    poll = world.open_poll(options=["Library", "Café"])
    draft = storing.draft_of(poll.frozen)
    edited(poll.id, replace(draft, title="New words"), revision=poll.frozen.revision)
    assert world.frozen(poll).title == "New words"
    with pytest.raises(readiness.PollNotReady):
        edited(
            poll.id,
            replace(draft, questions=(Draft("single", "Which?", ("Only one",)),)),
            revision=poll.frozen.revision + 1,
        )
    assert len(world.frozen(poll).questions[0].options) == 2


def test_a_poll_with_votes_keeps_its_words_even_when_it_is_closed(world, session):
    poll = world.open_poll(options=["Library", "Café"])
    world.vote(poll, {"q1": "Café"})
    changed = replace(storing.draft_of(poll.frozen), title="New words")
    with pytest.raises(authoring.EditionFrozen) as frozen:
        edited(poll.id, changed, revision=poll.frozen.revision)
    assert (frozen.value.code, frozen.value.status) == ("edition_frozen", 409)
    world.close(poll)
    with pytest.raises(authoring.EditionFrozen):
        edited(poll.id, changed, revision=world.frozen(poll).revision)
    assert frozen_poll(session, poll.slug).title == "Best day"


def test_what_was_written_comes_back_to_the_editor(world, session):
    drafts = (
        DAYS,
        Draft("yes_no", "Shall we?"),
        Draft("rating", "How?", settings={"low": 0, "high": 3}, help="Be honest"),
    )
    _id, slug = made(world, *drafts)
    back = storing.draft_of(frozen_poll(session, slug)).questions
    assert [(q.kind, q.wording, q.options, q.help) for q in back] == [
        (q.kind, q.wording, q.options, q.help) for q in drafts
    ]
    assert back[2].settings["high"] == 3


def test_the_audit_log_tells_of_making_and_editing(world, session):
    poll_id, slug = made(world)
    edited(poll_id, PollDraft("Other", (DAYS,)), by=world.people["maya"])
    entries = session.exec(select(AuditEntry).where(AuditEntry.subject == slug).order_by(AuditEntry.id)).all()
    assert [(e.action, e.account_id) for e in entries] == [
        ("poll.created", world.people["maya"].id),
        ("poll.edited", world.people["maya"].id),
    ]


def test_other_and_dont_know_are_made_and_stand_last_in_the_poll_s_language(world, session):
    asked = Draft("single", "Which day?", ("Mon", "Tue"), settings={"other": True, "dont_know": True})
    poll = frozen_poll(session, made(world, asked, Draft("likert", "It helps."))[1])
    assert [(o.role, o.label) for o in poll.questions[0].options] == [
        ("option", "Mon"), ("option", "Tue"), ("other", "Other"), ("dont_know", "Don't know"),
    ]  # fmt: skip
    draft = storing.draft_of(poll)
    assert [q.options for q in draft.questions] == [("Mon", "Tue"), ()]  # what the kinds bring is nobody's writing


def test_an_option_like_one_that_is_pinned_is_refused(world):
    with pytest.raises(BadInput, match=r"“Other.” and “Other”|there twice|same option"):
        made(world, Draft("single", "Which day?", ("Mon", "other "), settings={"other": True}))


def test_an_edit_makes_the_pinned_options_anew(world, session):
    poll_id, slug = made(world, Draft("single", "Which day?", ("Mon", "Tue"), settings={"other": True}))
    with writing() as write:
        row = write.get_one(Poll, poll_id)
        draft = storing.draft_of(freeze(write, row))
        changed = replace(draft, questions=(replace(draft.questions[0], settings={"dont_know": True}),))
        authoring.edit_poll(write, row, changed, revision=1, by=None)
    assert [o.role for o in frozen_poll(session, slug).questions[0].options] == ["option", "option", "dont_know"]
