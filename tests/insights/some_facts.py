"""Facts for pure tests: a small fixed set, and a strategy that draws any."""

from typing import Any

from hypothesis import strategies as st

from feedback.collect.tallies import PollResults
from feedback.models import SOURCES
from insights.measure.measures import Facts, share_of
from polls.kinds.kind import OptionResult, QuestionResult
from polls.publish.links import PLACES


def library_facts() -> Facts:
    """60 answers: Yes 37, No 15, Sometimes 8; NPS +20; two themes of wishes and one of praise."""
    return {
        "community": {"slug": "garden", "name": "The Quiet Garden"},
        "since": "2026-10-25", "until": "2026-11-23", "responses": 60, "comments": 60, "theme_count": 3, "held_back": 0,
        "smallest_group": 5, "mood": {"n": 60, "content": 14},
        "polls": [
            {
                "slug": "library", "title": "Library hours", "n": 60, "voter_rule": "browser", "level": 1, "anonymous": False,
                "imported": 0, "invited": 0, "set_aside": 0, "changed": False, "first": "2026-11-18", "last": "2026-11-20",
                "sources": [{"way": "mastodon", "count": 41}, {"way": "email", "count": 11}, {"way": "rest", "count": 8}],
                "questions": [
                    {
                        "id": 1, "kind": "single", "wording": "Do the opening hours suit you?", "n": 60,
                        "options": [_option("Yes", 37, 60), _option("No", 15, 60), _option("Sometimes", 8, 60)],
                        "voices": [{"comment": "10", "text": "the opening hours are too short in the evening"}],
                    },
                    {
                        "id": 2, "kind": "nps", "wording": "Would you recommend us?", "n": 60,
                        "options": [_option(str(i), {3: 18, 8: 12, 10: 30}.get(i, 0), 60) for i in range(11)],
                        "mean": 7.5, "low": 0, "high": 10, "nps": 20, "promoters": 30, "passives": 12, "detractors": 18, "voices": [],
                    },
                ],
            }
        ],
        "themes": [
            _theme(1, "Opening hours", None, 30, 60, 2, ["the opening hours are too short in the evening", "please open on Sunday too"]),
            _theme(3, "Cold rooms", None, 16, 60, 0, ["it is too cold to sit and read for long"]),
            _theme(5, "Friendly staff", None, 14, 60, 12, ["the staff are friendly and kind"]),
            _theme(2, "Sunday", 1, 12, 60, 0, ["please open on Sunday too"]),
        ],
        "actions": [],
    }  # fmt: skip


def _option(label: str, count: int, n: int) -> dict[str, Any]:
    return {"label": label, "count": count, "share": share_of(count, n)}


def _theme(
    number: int,
    label: str,
    parent: int | None,
    count: int,
    n: int,
    content: int,
    quotes: list[str],
    poll: str = "library",
) -> dict[str, Any]:
    return {
        "id": number, "label": label, "parent": parent, "poll": poll, "n": n, "count": count, "share": share_of(count, n),
        "content": content, "quotes": [{"comment": f"{number}{i}", "text": text} for i, text in enumerate(quotes)],
    }  # fmt: skip


def results(*questions: QuestionResult, n: int = 60) -> PollResults:
    """A poll's results."""
    return PollResults("library", "Library hours", n, questions)


def single(n: int, *counts: int) -> QuestionResult:
    """A single choice with options A, B, C …"""
    options = tuple(OptionResult(i, "ABCDEFGH"[i], c, c / n if n else 0) for i, c in enumerate(counts))
    return QuestionResult(1, "single", "Which one?", n, options)


WORDS = "the hours are too short in 2026 and 3 rooms stay cold so please do".split()
# What people type: words, figures, quotation marks, other scripts, marks that turn text around, one endless word.
texts = st.one_of(
    st.sampled_from(
        [
            "Yes", "“No”, he said", "12 of 60 (99%)", "a" * 300, "« Oui »", "שלום \u202e3", "- 5\n-- \n7", "…",
            "because of it", "日本語" * 40, "{{ 7 }}", "<b>7</b>",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80).filter(lambda t: t.strip()),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join),
)  # fmt: skip


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Facts of any size within the rules of measures.py."""
    facts = library_facts() | {"community": {"slug": "c", "name": draw(texts)}}
    facts["polls"] = [draw(_polls(i)) for i in range(draw(st.integers(0, 3)))]
    facts["responses"] = sum(p["n"] for p in facts["polls"])
    themes: list[dict[str, Any]] = []
    read = glad = 0
    for poll in facts["polls"]:
        n = draw(st.integers(0, poll["n"]))
        sizes = draw(st.lists(st.integers(5, max(n, 5)), max_size=6)) if n >= 5 else []
        for size in sizes:
            content = draw(st.integers(0, size))
            themes.append(
                _theme(
                    len(themes) + 1,
                    draw(texts),
                    None,
                    size,
                    n,
                    content,
                    draw(st.lists(texts, max_size=3)),
                    poll["slug"],
                )
            )
        for parent in [
            t["id"] for t in themes if t["poll"] == poll["slug"] and t["parent"] is None and draw(st.booleans())
        ]:
            themes.append(_theme(len(themes) + 1, draw(texts), parent, 5, n, 0, [], poll["slug"]))
        read, glad = read + n, glad + draw(st.integers(0, n))
    facts["themes"] = sorted(themes, key=lambda t: (t["parent"] is not None, -t["count"], t["id"]))
    facts["theme_count"] = sum(t["parent"] is None for t in themes)
    facts |= {"comments": read, "mood": {"n": read, "content": glad}, "held_back": draw(st.integers(0, 3))}
    facts["actions"] = [
        {"id": i, "theme": t["id"], "label": t["label"], "title": draw(texts), "on": "2026-11-20",
         "status": draw(st.sampled_from(["planned", "doing", "done", "declined"]))}
        for i, t in enumerate(themes) if draw(st.booleans())
    ]  # fmt: skip
    rich = rich_facts()
    for name in ("period", "trials", "groups", "urgent", "open", "answered", "loop", "promised", "faded"):
        if draw(st.booleans()):
            facts[name] = rich[name]
    for trial in facts.get("trials", []):
        trial |= {"title": draw(texts), "changed": draw(st.one_of(st.just(""), texts))}
        trial["questions"][0] |= {"wording": draw(texts), "sure": draw(st.sampled_from(["higher", "lower", "none"]))}
    for group in facts.get("groups", []):
        for statement in (*group["bridging"], *group["dividing"]):
            statement["label"] = draw(texts)
        group["groups"][0]["stands"]["label"] = draw(texts)
    return facts


@st.composite
def _polls(draw: st.DrawFn, number: int) -> dict[str, Any]:
    n = draw(st.sampled_from([5, 7, 29, 30, 60, 412, 3338, 12000]))
    level = draw(st.integers(0, 4))
    return {
        "slug": f"p{number}", "title": draw(texts), "n": n, "level": level, "anonymous": draw(st.booleans()),
        "voter_rule": ("open", "browser", "network", "link", "sign_in")[level], "imported": draw(st.sampled_from([0, n])),
        "sources": draw(_sources(n)),
        "invited": draw(st.sampled_from([0, n + 3])), "set_aside": draw(st.sampled_from([0, 1, 37])),
        "changed": draw(st.booleans()), "first": "2026-11-18", "last": draw(st.sampled_from(["2026-11-18", "2026-11-20"])),
        "questions": [draw(_questions(i, n)) for i in range(draw(st.integers(0, 3)))],
    }  # fmt: skip


@st.composite
def _sources(draw: st.DrawFn, n: int) -> list[dict[str, Any]]:
    ways = draw(st.lists(st.sampled_from([*PLACES, *SOURCES]), max_size=4, unique=True))
    counted = [{"way": way, "count": draw(st.integers(5, max(n, 5)))} for way in ways]
    return [*counted, {"way": "rest", "count": 5}] if draw(st.booleans()) else counted


@st.composite
def _questions(draw: st.DrawFn, number: int, most: int) -> dict[str, Any]:
    n = draw(st.sampled_from([0, 5, most]))
    kind = draw(st.sampled_from(["single", "nps", "rating", "long_text"]))
    question: dict[str, Any] = {"id": number, "kind": kind, "wording": draw(texts), "n": n, "options": [], "voices": []}
    if n and kind == "single":
        counts = draw(st.lists(st.integers(0, n), min_size=2, max_size=6))
        question["options"] = [_option(draw(texts), c, n) for c in counts]
        question["voices"] = [{"comment": f"9{number}", "text": draw(texts)}]
    if n and kind in ("nps", "rating"):
        low, high = (0, 10) if kind == "nps" else (1, 5)
        question |= {"mean": round(draw(st.floats(low, high)), 4), "low": low, "high": high}
    if n and kind == "nps":
        keen = draw(st.integers(0, n))
        against = draw(st.integers(0, n - keen))
        question |= {
            "nps": round(100 * (keen - against) / n),
            "promoters": keen,
            "passives": n - keen - against,
            "detractors": against,
        }
    return question


def rich_facts() -> Facts:
    """The library's 412 answers of November beside 380 of October: a theme that grew, one that is new, one that faded; a trial whose
    second round ended; opinion groups; a difference between answers; promises, one past its day; urgent comments."""
    facts = library_facts() | {
        "since": "2026-11-01", "until": "2026-11-30", "responses": 412, "comments": 400, "theme_count": 5, "held_back": 1,
        "mood": {"n": 400, "content": 96, "before": 70, "n_before": 350, "change": "same"},
        "period": {"since": "2026-10-01", "until": "2026-10-31", "months": 1, "days": 31, "n": 412, "before": 380},
    }  # fmt: skip
    poll = facts["polls"][0]
    hours, nps = poll["questions"]
    poll |= {"n": 412, "set_aside": 3, "invited": 0, "first": "2026-11-02", "last": "2026-11-29"}
    hours |= {"n": 410, "n_before": 377}
    hours["options"] = [
        _option("Yes", 251, 410) | {"before": 190, "change": "grew"},
        _option("No", 103, 410) | {"before": 141, "change": "faded"},
        _option("Sometimes", 56, 410) | {"before": 46, "change": "same"},
    ]
    nps |= {
        "n": 405,
        "n_before": 371,
        "nps": 17,
        "nps_before": 9,
        "promoters": 193,
        "passives": 88,
        "detractors": 124,
        "mean_before": 7.1,
    }
    nps["options"] = []
    poll["segments"] = [
        {
            "by": "How old are you?", "of": "Do the opening hours suit you?", "label": "Under 30", "column": "No", "n": 98, "count": 47,
            "share": share_of(47, 98), "other": {"label": "60 or more", "n": 131, "count": 19, "share": share_of(19, 131)}, "v": 0.27,
            "p": 0.001, "tables": 3,
        }
    ]  # fmt: skip
    facts["themes"] = [
        _moved(
            _theme(1, "Opening hours", None, 112, 400, 9, ["the opening hours are too short in the evening"]),
            61,
            "grew",
        ),
        _moved(_theme(3, "Cold rooms", None, 58, 400, 2, ["it is too cold to sit and read for long"]), 102, "faded"),
        _moved(_theme(5, "Friendly staff", None, 54, 400, 41, ["the staff are friendly and kind"]), 49, "same"),
        _moved(_theme(6, "Broken lift", None, 37, 400, 1, ["the lift has been broken for two weeks"]), None, "new"),
        _moved(_theme(7, "Children’s books", None, 31, 400, 11, ["more books for children of ten"]), 26, "same"),
        _theme(2, "Sunday", 1, 44, 400, 0, ["please open on Sunday too"]),
        _theme(8, "Evening", 1, 39, 400, 1, []),
    ]
    facts["faded"] = [
        {"id": 9, "label": "Parking", "poll": "library", "n": 400, "before": 33, "n_before": 350, "change": "faded"}
    ]
    trial = {
        "poll": "library",
        "n": 38,
        "paired": True,
        "n_before": 38,
        "n_after": 38,
        "low": 1,
        "high": 5,
        "high_label": "",
        "interval": 95,
    }
    facts["trials"] = [
        {
            "slug": "late-evenings", "title": "Open until ten", "poll": "library", "versions": [1, 2], "level": 3, "last": "2026-11-27",
            "outcome": "", "changed": "Doors stay open until ten on Thursdays.",
            "questions": [
                trial | {
                    "wording": "How well does it work for you?", "kind": "rating", "before": 3.1053, "after": 3.7368, "difference": 0.6316,
                    "lower": 0.2871, "upper": 0.9761, "up_is_better": True, "sure": "higher",
                },
                trial | {
                    "wording": "How long did you wait?", "kind": "number", "n": 41, "paired": False, "n_before": 52, "n_after": 41,
                    "low": None, "high": None, "before": 12.4, "after": 11.9, "difference": -0.5, "lower": -2.13, "upper": 1.13,
                    "up_is_better": False, "sure": "none",
                },
            ],
        }
    ]  # fmt: skip
    facts["groups"] = [_groups()]
    facts["urgent"] = {"n": 400, "count": 7, "few": False}
    facts["open_themes"], facts["open"] = 2, [
        {"theme": 1, "label": "Opening hours", "poll": "library", "count": 173, "since": "2026-10-04", "days": 57},
        {"theme": 6, "label": "Broken lift", "poll": "library", "count": 37, "since": "2026-11-12", "days": 18},
    ]  # fmt: skip
    facts["answered"] = [{"theme": 3, "label": "Cold rooms", "poll": "library", "on": "2026-11-20", "days": 41}]
    facts["loop"] = {"themes": 1, "median": 41, "longest": 41}
    facts["promised"] = {"planned": 1, "doing": 1, "done": 0, "declined": 0, "overdue": 1}
    facts["actions"] = [
        {"id": 4, "theme": 3, "label": "Cold rooms", "title": "New boiler", "status": "doing", "on": "2026-11-20", "due": "2026-11-25",
         "overdue": True, "owner": "manager"},
        {"id": 3, "theme": 5, "label": "Friendly staff", "title": "Thanks to the desk", "status": "planned", "on": "2026-11-08", "due": "",
         "overdue": False, "owner": ""},
    ]  # fmt: skip
    return facts


def _moved(theme: dict[str, Any], before: int | None, change: str) -> dict[str, Any]:
    return theme | {"before": before, "n_before": 350, "change": change}


def _groups() -> dict[str, Any]:
    def said(label: str, stance: str, *groups: tuple[int, int]) -> dict[str, Any]:
        n, count = sum(n for _c, n in groups), sum(c for c, _n in groups)
        each = [{"name": "AB"[i], "n": n, "count": c, "share": share_of(c, n)} for i, (c, n) in enumerate(groups)]
        return {
            "label": label,
            "stance": stance,
            "n": n,
            "count": count,
            "share": share_of(count, n),
            "against": n - count,
            "groups": each,
        }

    return {
        "poll": "library", "level": 1, "question": 77, "wording": "What do you think of these?", "n": 187, "voted": 201,
        "groups": [
            {"name": "A", "people": 113, "stands": {"label": "Silence matters most", "stance": "agree", "n": 101, "count": 83}},
            {"name": "B", "people": 74, "stands": {"label": "Silence matters most", "stance": "disagree", "n": 69, "count": 52}},
        ],
        "bridging": [said("The library should stay free", "agree", (96, 107), (61, 70)),
            said("Fines are useful", "disagree", (79, 99), (48, 66))],
        "dividing": [said("Talking should be allowed", "agree", (17, 104), (58, 71))],
    }  # fmt: skip
