"""A poll with every kind of question, conditions and hostile words, and random ballots for it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, FrozenQuestion, Value, kind_of
from polls.logic import Condition, ShowIf, asks
from tests.world import PollHandle

NASTY = (
    "=1+1", "'=x", "''=x", "+A", "-B", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "\ufeff=1", "a;=1", "line\n=2", 'say "hi"',
    "😀👩‍👩‍👧 עברית", "\u202eabc", "None", "NA", "0012", "-5", "1e5", "a, b; c", "'", '"', "''", "x\u2028y", "x\x85y", "\x0bx", "tab\tin",
    "e\u0301", "é", "_x0041_", "http://evil.example/", "{=1}", "=HYPERLINK(\"http://evil.example\")", "null", "[1]", '["a"]',
)  # fmt: skip
QUESTIONS = (
    Draft("single", "=cmd|' /C calc'!A0", ("=A1", "Tea; black", '"quoted"', "Only; if"), settings={"other": True, "dont_know": True}),
    Draft("multiple", "+Several", ("Tea", "Cake", "Tea; Cake", "@x", "'=x"), settings={"other": True, "dont_know": True}),
    Draft("yes_no", "\ufeffYes?"),
    Draft("rating", "-Stars", settings={"low": 0, "high": 10}),
    Draft("likert", "＝Agree?"),
    Draft("nps", "Recommend", show_if=ShowIf((Condition(2, "is", ("Yes",)),))),
    Draft("short_text", "language"),
    Draft("long_text", "Why,\n\"exactly\"?", show_if=ShowIf((Condition(3, "at_least", number=5),))),
    Draft("number", "How many"),
    Draft("date", "Which day"),
    Draft("matrix", "Grid", ("Good", "Bad; really"), rows=("=Row", "Row 2")),
    Draft("ranking", "Order", ("One", "Two", "Three")),
    Draft("points", "Budget", ("Roof", "Garden")),
    Draft("pair", "This or that", ("P", "Q; R", "S")),
    Draft("statements", "Statements", ("-More light", "Longer hours")),
    Draft("single", "language", ("0012", "12")),
)  # fmt: skip


def everything(world: object, **rules: object) -> PollHandle:
    """An open poll with all of it."""
    return world.open_poll(list(QUESTIONS), voter_rule="open", title="=Everything", **rules)  # type: ignore[attr-defined]


def answers(poll: FrozenPoll, chance: Random) -> dict[int, list[Value]]:
    """One person's answers; some questions are left empty, hidden ones are not answered."""
    said: dict[int, list[Value]] = {}
    for question in poll.questions:
        if asks(question, said):
            values = [] if chance.random() < 0.2 else _values(question, chance)
            said[question.id] = kind_of(question.kind).check(question, values)
    return said


def ballots(poll: FrozenPoll, n: int, seed: int = 1, **more: object) -> list[Ballot]:
    """So many of them, over a month."""
    chance, start = Random(seed), datetime(2026, 3, 1, tzinfo=UTC)
    made = []
    for at in range(n):
        submission = (
            voters.submission_of(poll.id, f"{seed}-{at}") if poll.anonymous else f"{'=' * (at % 2)}s{seed}-{at}"
        )
        key = voters.key_for_submission(poll.id, submission)
        when = start + timedelta(minutes=chance.randrange(40_000))
        language = chance.choice(("", "en", "fr"))
        made.append(Ballot(poll, submission, key, answers(poll, chance), "import", language, when, **more))  # type: ignore[arg-type]
    return made


def answered(poll: FrozenPoll, n: int, seed: int = 1, **more: object) -> None:
    """So many responses, stored."""
    outcomes = intake.submit_many(ballots(poll, n, seed, **more))
    assert [o for o in outcomes if isinstance(o, Exception)] == []


def _values(question: FrozenQuestion, chance: Random) -> list[Value]:
    kind, options = question.kind, [o for o in question.options if o.role == "option"]
    items = [i.id for i in kind_of(question.kind).items(question)]
    some = chance.sample(items, chance.randint(1, len(items))) if items else []
    match kind:
        case "single" | "yes_no":
            return _chosen(question, [chance.choice(list(question.options))], chance)
        case "multiple":
            offered = [o for o in question.options if o.role != "dont_know"]
            return _chosen(question, chance.sample(offered, chance.randint(1, len(offered))), chance)
        case "rating" | "nps":
            return [Value(number=float(chance.randint(0, 10)))]
        case "likert":
            return [Value(number=float(chance.randint(1, len(options))))]
        case "short_text" | "long_text":
            return [Value(text=words(chance))]
        case "number":
            long = (0.1, 0.000001, 1234567.25, -98765.432101, 999999999999.75)
            return [Value(number=chance.choice((0.0, -3.5, *long, float(chance.randint(1, 40)))))]
        case "date":
            return [
                Value(number=float(datetime(chance.choice((1066, 2026, 2999)), chance.randint(1, 12), 3).toordinal()))
            ]
        case "matrix":
            return [Value(item, option=chance.choice(options).id) for item in some]
        case "ranking":
            return [Value(item, number=float(rank)) for rank, item in enumerate(some, 1)]
        case "points":
            return [Value(item, number=float(chance.randint(0, 5))) for item in some]
        case "statements":
            return [Value(item, number=float(chance.choice((-1, 0, 1)))) for item in some]
        case "pair":
            pairs = [chance.sample(p, 2) for p in (items[:2], items[1:], [items[0], items[2]]) if chance.random() < 0.7]
            return [Value(other, option=one) for other, one in pairs]
    raise LookupError(kind)


def words(chance: Random) -> str:
    """What somebody might write."""
    said = " ".join(chance.choices(NASTY, k=chance.randint(1, 3)))
    return said.strip() or "x"


def _chosen(question: FrozenQuestion, chosen: Sequence[object], chance: Random) -> list[Value]:
    values = [Value(option=o.id) for o in chosen]  # type: ignore[attr-defined]
    for option in chosen:
        if option.role == "other" and chance.random() < 0.8:  # type: ignore[attr-defined]
            values.append(Value(option.id, text=" ".join(words(chance).split())))  # type: ignore[attr-defined]
    return values
