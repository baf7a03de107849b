"""1,000 random polls with sections, conditions, required questions and shuffled options, each answered in three ways."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import select

from feedback.collect import ballots, begun, intake, layout, page_by_page, tallies, voters
from feedback.collect.voters import Voter
from feedback.integrity import verifying
from feedback.models import Answer, Response, Tally
from heard.kit.db import reading, writing
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import BadAnswer, Draft, FrozenQuestion, Value
from polls.logic import Condition, ShowIf, ordered
from polls.write import authoring
from tests.world import PollHandle

BY_OPTION = ("single", "multiple", "yes_no", "likert")
BY_NUMBER = ("rating", "nps", "number")
WITH_ITEMS = ("matrix", "ranking", "points", "pair", "statements")
KINDS = (*BY_OPTION, *BY_NUMBER, *WITH_ITEMS, "short_text", "long_text", "date")
Fields = dict[str, list[str]]


# --- random polls and random people


def random_questions(chance: random.Random) -> list[Draft]:
    """2 to 7 questions; conditions look back only. The first one is for everybody, so that no ballot is empty."""
    drafts: list[Draft] = []
    for at in range(chance.randint(2, 7)):
        kind = chance.choice(KINDS)
        options = tuple("ABCD"[: chance.randint(2, 4)]) if kind not in ("likert", "yes_no") else ()
        takes = kind in ("single", "multiple", *WITH_ITEMS)
        settings = {"other": True} if kind == "single" and chance.random() < 0.3 else {}
        conditions = tuple(random_condition(chance, drafts) for _ in range(chance.randint(1, 3)))
        drafts.append(
            Draft(
                kind, f"Question {at}", options if takes else (), settings=settings,
                rows=("x", "y") if kind == "matrix" else (), required=at == 0 or chance.random() < 0.4,
                section=f"Section {at}" if chance.random() < 0.25 else "", shuffled=chance.random() < 0.4,
                keep_last=chance.randint(0, 2),
                show_if=ShowIf(conditions, chance.choice(("all", "any"))) if at and chance.random() < 0.6 else ShowIf(),
            )
        )  # fmt: skip
    return drafts


def random_condition(chance: random.Random, drafts: Sequence[Draft]) -> Condition:
    """A condition on one of the questions so far that fits its kind."""
    if not drafts:
        return Condition(0, "answered")
    on = chance.randrange(len(drafts))
    kind = drafts[on].kind
    if kind in BY_OPTION and chance.random() < 0.7:
        labels = {"yes_no": ("Yes", "No"), "likert": ("Agree", "Disagree")}.get(kind) or drafts[on].options
        chosen = tuple(chance.sample(labels, chance.randint(1, len(labels))))
        return Condition(on, chance.choice(("is", "is_not")), chosen)
    if kind in BY_NUMBER and chance.random() < 0.7:
        return Condition(on, chance.choice(("at_least", "at_most")), number=chance.randint(1, 5))
    return Condition(on, chance.choice(("answered", "not_answered")))


def random_fields(chance: random.Random, question: FrozenQuestion) -> Fields:
    """What somebody would send for a question; nothing, sometimes, where it is not required."""
    if not question.required and chance.random() < 0.35:
        return {}
    kind, name = question.kind, question.name
    options = [str(o.id) for o in question.options if o.role == "option"]
    items = [o.id for o in question.rows] or [o.id for o in question.options if o.role == "option"]
    if kind in ("single", "yes_no", "likert"):
        return {name: [chance.choice(options)]}
    if kind == "multiple":
        return {name: chance.sample(options, chance.randint(1, len(options)))}
    if kind in BY_NUMBER:
        return {name: [str(chance.randint(1, 5))]}
    if kind == "date":
        return {name: [f"2026-0{chance.randint(1, 9)}-11"]}
    if kind == "matrix":
        return {question.item_name(i): [chance.choice(options)] for i in items}
    if kind == "ranking":
        return {question.item_name(i): [str(n)] for n, i in enumerate(chance.sample(items, len(items)), 1)}
    if kind == "points":
        return {question.item_name(i): [str(chance.randint(1, 2))] for i in items}
    if kind == "statements":
        return {question.item_name(i): [chance.choice(("1", "0", "-1"))] for i in items}
    if kind == "pair":
        one, other = sorted(items)[:2]
        return {f"{name}-p{one}-{other}": [str(chance.choice((one, other)))]}
    return {name: [chance.choice(("so", "and so"))]}


def as_json(question: FrozenQuestion, fields: Fields) -> dict[str, object]:
    """The same as the API takes it."""
    kind, name = question.kind, question.name
    sent = fields.get(name, [])
    if kind == "pair":
        pairs = [(field.removeprefix(f"{name}-p").split("-"), values[0]) for field, values in fields.items()]
        items = [{"item": int(b if won == a else a), "option": int(won)} for (a, b), won in pairs]
        return {"question": question.id, "items": items}
    if kind == "ranking":
        ranks = sorted((int(v[0]), int(field.rpartition("-i")[2])) for field, v in fields.items())
        return {"question": question.id, "options": [item for _rank, item in ranks]}
    if kind in WITH_ITEMS:
        what = "option" if kind == "matrix" else "number"
        items = [{"item": int(field.rpartition("-i")[2]), what: int(v[0])} for field, v in fields.items()]
        return {"question": question.id, "items": items}
    if kind == "multiple":
        return {"question": question.id, "options": [int(v) for v in sent]}
    if kind in BY_OPTION:
        return {"question": question.id, "option": int(sent[0])}
    if kind in BY_NUMBER:
        return {"question": question.id, "number": int(sent[0])}
    return {"question": question.id, "date" if kind == "date" else "text": sent[0]}


def asked_of(drafts: Sequence[Draft], poll: FrozenPoll, intents: Sequence[Fields]) -> list[int]:
    """Which questions somebody with these intents is asked, told from the drafts alone: by labels, without polls.logic."""
    asked: list[int] = []
    for at, draft in enumerate(drafts):
        held = []
        for condition in draft.show_if.conditions:
            question = poll.questions[condition.on]
            sent = intents[condition.on] if question.id in asked else {}
            labels = {o.label for o in question.options if str(o.id) in sent.get(question.name, [])}
            number = float(sent[question.name][0]) if question.kind in BY_NUMBER and sent else None
            held.append(
                {
                    "answered": bool(sent), "not_answered": not sent,
                    "is": bool(labels & set(condition.options)), "is_not": bool(sent) and not labels & set(condition.options),
                    "at_least": number is not None and number >= (condition.number or 0),
                    "at_most": number is not None and number <= (condition.number or 0),
                }[condition.operator]
            )  # fmt: skip
        if not held or (all(held) if draft.show_if.when == "all" else any(held)):
            asked.append(poll.questions[at].id)
    return asked


# --- the three ways


def on_one_page(poll: FrozenPoll, intents: Mapping[int, Fields]) -> ballots.Answers:
    """Without a script: answer what the page shows, and again when it comes back with more."""
    seen = {q.id for q in poll.questions if not q.conditions}
    for _try in range(len(poll.questions) + 1):
        form = {name: sent for i in seen for name, sent in intents[i].items()}
        form["shown"] = ["", *(f"q{i}" for i in seen)]
        added = layout.unseen(poll, ballots.said_so_far(poll, form), form)
        if not added:
            return ballots.from_form(poll, form)
        seen |= set(added)
    raise AssertionError("the page came back too often")


def page_after_page(poll: FrozenPoll, intents: Mapping[int, Fields]) -> ballots.Answers:
    """Page by page, each kept on the way; nobody is shown a page without a question."""
    fields: Fields = {}
    place = 1
    while place:
        here = [q.id for q in layout.pages_of(poll)[place - 1]]
        seen = {i for i in here if i in ballots.said_so_far(poll, fields)}
        while True:
            form = {name: sent for i in seen for name, sent in intents[i].items()}
            form["shown"] = ["", *(f"q{i}" for i in seen)]
            fields = page_by_page._with_page(poll, fields, form, place)
            answers = ballots.said_so_far(poll, fields)
            added = {i for i in layout.unseen(poll, answers, form) if i in here}
            if not added:
                break
            seen |= added
        ballots.said_so_far(poll, fields, strict=here)
        place = min((p for p in page_by_page._asked_pages(poll, fields) if p > place), default=0)
    return ballots.from_form(poll, begun.own_fields(poll, fields))


def by_api(poll: FrozenPoll, intents: Mapping[int, Fields], asked: Sequence[int]) -> ballots.Answers:
    """Only what is asked; anything more is refused, and the refusal names it."""
    said = [as_json(q, intents[q.id]) for q in poll.questions if intents[q.id]]
    allowed = [answer for answer in said if answer["question"] in asked]
    if len(allowed) < len(said):
        hidden = {f"q{answer['question']}" for answer in said if answer["question"] not in asked}
        with pytest.raises(BadAnswer) as refused:
            ballots.from_json(poll, said)
        assert set(refused.value.fields) == hidden
    return ballots.from_json(poll, allowed)


def ballot_of(poll: FrozenPoll, way: str, answers: ballots.Answers) -> ballots.Ballot:
    """The ballot as the surface would hand it to intake."""
    submission = voters.submission_of(poll.id, way)
    voter = Voter(voters.key_for_submission(poll.id, submission), known=False)
    seed = None if way == "api" else layout.seed_of(poll, layout.ballot_id(poll, way))
    return voters.ballot_of(poll, voter, submission, answers, "api" if way == "api" else "page", option_seed=seed)


@pytest.mark.parametrize("polls", [120, pytest.param(1000, marks=pytest.mark.long)])
def test_random_polls_record_the_same_in_every_way_and_nothing_that_was_not_asked(world, polls):
    chance = random.Random(20261126)
    made: list[tuple[list[Draft], FrozenPoll]] = []
    with writing() as session:
        home = world.the_community(session)
        for n in range(polls):
            drafts = random_questions(chance)
            row = authoring.create_poll(
                session, home, f"Poll {n}", drafts, by=None, voter_rule="open", listed=False, paged=n % 2 == 0
            )
            row.status = "open"  # a thousand openings would say nothing about ballots
            made.append((drafts, freeze(session, row)))
    sent: list[ballots.Ballot] = []
    asked_in: dict[int, list[int]] = {}
    for drafts, poll in made:
        intents = [random_fields(chance, q) for q in poll.questions]
        by_id = {q.id: fields for q, fields in zip(poll.questions, intents, strict=True)}
        asked = asked_in[poll.id] = asked_of(drafts, poll, intents)
        everything = {name: values for fields in intents for name, values in fields.items()}
        ways = {
            "one page": on_one_page(poll, by_id), "pages": page_after_page(poll, by_id),
            "api": by_api(poll, by_id, asked), "all at once": ballots.from_form(poll, everything),
        }  # fmt: skip
        sent += [ballot_of(poll, way, answers) for way, answers in ways.items()]
        for question in poll.questions:
            pinned = [o for o in question.options if o.role not in ("row", "option")]
            found = ordered(question, sent[-1].option_seed)
            assert sorted(o.id for o in found) == sorted(o.id for o in question.options if o.role != "row")
            assert list(found[len(found) - len(pinned) :]) == pinned
    assert {outcome.outcome for outcome in intake.submit_many(sent)} == {"new"}  # type: ignore[union-attr]

    stored: dict[int, dict[int, list[tuple[object, ...]]]] = {}
    values: dict[int, dict[int, dict[int, list[Value]]]] = {}
    counters: dict[int, dict[str, int]] = {}
    with reading() as session:
        for tally in session.execute(select(Tally)).scalars():
            counters.setdefault(tally.poll_id, {})[tally.cell] = tally.n
        came = session.execute(select(Response.id, Response.source, Response.link_id)).all()
        ways = {response: tallies.way_of(source, link) for response, source, link in came}
        poll_of = dict(session.execute(select(Response.id, Response.poll_id)).all())
        for a in session.execute(select(Answer).order_by(Answer.response_id, Answer.position)).scalars():
            poll_id, value = poll_of[a.response_id], Value(a.item_id, a.option_id, a.number, a.text)
            row = (a.question_id, a.item_id, a.option_id, a.number, a.text)
            stored.setdefault(poll_id, {}).setdefault(a.response_id, []).append(row)
            response = values.setdefault(poll_id, {}).setdefault(a.response_id, {})
            response.setdefault(a.question_id, []).extend([] if value.empty else [value])
    hidden_somewhere = 0
    for _drafts, poll in made:
        responses = [sorted(rows, key=repr) for rows in stored[poll.id].values()]
        assert len(responses) == 4
        assert all(rows == responses[0] for rows in responses)
        answered = {row[0] for row in responses[0]}
        assert answered == set(asked_in[poll.id])
        hidden_somewhere += len(answered) < len(poll.questions)
        for question in poll.questions:
            if question.required and question.id in answered:
                assert any(row[0] == question.id and row[2:] != (None, None, None) for row in responses[0])
        assert counters[poll.id] == sum(
            (tallies.cells_of(poll, values[poll.id][response], ways[response]) for response in values[poll.id]),
            Counter(),
        )
    assert hidden_somewhere > polls / 4
    assert all(verifying.verify(poll.slug).sound for _drafts, poll in made[:20])


def test_a_dozen_of_them_through_the_pages_themselves(world, client):
    """The same by HTTP: one page without a script, page by page, and the API."""
    chance = random.Random(7)
    for n in range(12):
        drafts = random_questions(chance)
        polls = {way: world.open_poll(drafts, title=f"Poll {n}", voter_rule="open", paged=way == "pages") for way in
                 ("one page", "pages", "api")}  # fmt: skip
        places = [random_fields(chance, q) for q in polls["api"].questions]
        asked = asked_of(drafts, polls["api"].frozen, places)
        labels = [as_json(q, f) for q, f in zip(polls["api"].questions, places, strict=True) if f and q.id in asked]
        answer = client.post(f"/api/v1/polls/{polls['api'].slug}/responses", json={"answers": labels})
        assert answer.status_code == 201, answer.text
        for way in ("one page", "pages"):
            poll = polls[way]
            mine = {q.name: _moved(f, old, q) for q, old, f in
                    zip(poll.questions, polls["api"].questions, places, strict=True)}  # fmt: skip
            text, led = client.get(f"/p/{poll.slug}").text, ""
            for _press in range(30):
                hidden, on = _read(text, poll)
                sent = {field: values for name in on for field, values in mine[name].items()}
                do = "send" if 'value="send"' in text else "next"
                answer = client.post(f"/p/{poll.slug}", data={**hidden, **sent, "do": do})
                assert answer.status_code in (200, 303), answer.text[:2000]
                led = answer.headers.get("location", "")
                if led.startswith("/r/"):
                    break
                text = client.get(led).text if led else answer.text
            assert led.startswith("/r/")
        counted = [_counted(poll) for poll in polls.values()]
        assert counted[0] == counted[1] == counted[2]


def _moved(fields: Fields, old: FrozenQuestion, new: FrozenQuestion) -> Fields:
    """Fields of a question for its twin in another poll."""
    ids = {str(a.id): str(b.id) for a, b in zip(old.options, new.options, strict=True)}
    found: Fields = {}
    for name, values in fields.items():
        end = name.removeprefix(old.name)
        if end.startswith("-i"):
            end = f"-i{ids[end[2:]]}"
        elif end.startswith("-p"):
            end = "-p" + "-".join(ids[i] for i in end[2:].split("-"))
        sent = (
            [ids[v] for v in values] if new.options and new.kind not in ("ranking", "points", "statements") else values
        )
        found[new.name + end] = sent
    return found


def _read(text: str, poll: PollHandle) -> tuple[Fields, set[str]]:
    """What a page's form sends by itself, and the names of the questions that it shows."""
    form = text.split('<form class="form"', 1)[-1].split("</form>")[0]
    form = re.sub(
        r'( hidden disabled>\s*)<input type="hidden" name="shown"[^>]*>', r"\1", form
    )  # switched off: not sent
    hidden: Fields = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        hidden.setdefault(name, []).append(value)
    always = {q.name for q in poll.questions if f'name="{q.name}' in form and not q.conditions}
    return hidden, always | {name for name in hidden.get("shown", []) if name}


def _counted(poll):
    """The answers on disk, by the places of questions and options."""
    place = {q.id: n for n, q in enumerate(poll.questions)}
    place_of = {o.id: n for q in poll.questions for n, o in enumerate(q.options)}
    with reading() as session:
        rows = session.execute(select(Answer).where(Answer.poll_id == poll.id)).scalars().all()
    values = [
        (place[a.question_id], place_of.get(a.item_id), place_of.get(a.option_id), a.number, a.text) for a in rows
    ]
    return sorted(values, key=repr)
