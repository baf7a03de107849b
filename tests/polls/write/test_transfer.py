"""A poll as a file: out, in and out again the same; whatever is strange is told in plain words, and nothing made of it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from heard.kit.errors import BadInput
from polls.frozen import freeze
from polls.kinds.kind import Draft
from polls.logic import Condition, ShowIf
from polls.models import Poll
from polls.write import storing, transfer
from polls.write.drafts import PollDraft, checked

SURROGATES = ("Cs",)
texts = st.text(st.characters(exclude_categories=SURROGATES, exclude_characters="\0"), max_size=30)
words = texts.filter(lambda t: t.strip())
tricky = st.sampled_from(["no", "Yes", "null", "~", "1.10", "2026-03-29", "0x1F", "1e3", "- a", "a: b", "#", "''", '"', "=", "<<",
                          "&a", "*a", "!x", "true", "\u2028", "\x85x", "on", "1_000", "{", "[a]", "|", "%", "@", "`"])  # fmt: skip
labels = st.lists(words | tricky, min_size=2, max_size=5, unique_by=lambda t: t.strip().casefold())
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@st.composite
def polls(draw):
    """Any poll that can be stored."""
    questions = []
    for at in range(draw(st.integers(1, 5))):
        kind = draw(
            st.sampled_from(["single", "multiple", "rating", "long_text", "matrix", "number", "yes_no", "ranking"])
        )
        shown = ShowIf()
        if at and draw(st.booleans()):
            on = draw(st.integers(0, at - 1))
            condition = (
                Condition(on, "at_least", (), draw(st.integers(-5, 5) | st.floats(-5, 5)))
                if draw(st.booleans())
                else Condition(on, "is", tuple(draw(st.lists(words | tricky, min_size=1, max_size=2))))
            )
            shown = ShowIf((condition, Condition(on, "answered")), draw(st.sampled_from(["all", "any"])))
        settings = {
            "multiple": {"max": 1, "other": draw(st.booleans())}, "number": {"min": 1.5, "unit": draw(tricky)},
            "rating": {"low": 0, "high": 7, "low_label": draw(tricky)},
        }.get(kind, {})  # fmt: skip
        questions.append(
            Draft(kind, draw(words | tricky), tuple(draw(labels)) if kind in ("single", "multiple", "matrix", "ranking") else (),
                  draw(texts), draw(st.booleans()), settings, draw(texts), tuple(draw(labels)) if kind == "matrix" else (),
                  draw(texts | tricky), draw(texts), draw(st.booleans()), draw(st.integers(0, 3)), shown)
        )  # fmt: skip
    opens, closes = sorted((draw(moments), draw(moments)))
    return PollDraft(
        draw(words | tricky), tuple(questions), draw(texts), draw(st.sampled_from(["en", "fr"])), "link", "never",
        draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), opens,
        closes if closes > opens else None, draw(st.none() | st.integers(1, 366)),
        draw(st.dictionaries(st.sampled_from(["en", "fr"]), st.dictionaries(words | tricky, words | tricky, max_size=4))),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(polls(), st.sampled_from(["json", "yaml"]))
def test_out_in_and_out_again_is_the_same(draft, form):
    try:
        stored = checked(draft)
    except BadInput:  # two options that are one to a reader
        return
    file = transfer.written(stored, form)
    assert transfer.read(file) == stored
    assert transfer.written(transfer.read(file), form) == file


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_stored_poll_goes_out_and_comes_in_as_it_was(world, client, session, form):
    questions = [
        Draft("single", "Which day?", ("no", "2026-03-29"), settings={"other": True}, shuffled=True, keep_last=1),
        Draft("matrix", "Parts?", ("Bad", "Good"), rows=("Price", "Taste"), section="Two"),
        Draft("long_text", "Why?", show_if=ShowIf((Condition(0, "is", ("no",)),))),
    ]
    french = {"fr": {"Which day?": "Quel jour ?"}}
    poll = world.draft_poll(questions, closes_in_days=3, paged=True, translations=french)
    maya = client.sign_in("maya")
    sent = maya.get(f"{poll.page}/file.{form}")
    assert f'filename="best-day.{form}"' in sent.headers["content-disposition"]
    answer = maya.post("/m/garden/polls/files", files={"file": (f"poll.{form}", sent.content)})
    assert answer.status_code == 303
    first, second = session.exec(select(Poll).order_by(Poll.id)).all()
    assert storing.draft_of(freeze(session, first)) == storing.draft_of(freeze(session, second))
    assert (second.status, second.edition, second.slug) == ("draft", 1, "best-day-2")


def test_yaml_does_not_guess():
    draft = transfer.read(
        "heard_poll: 1\ntitle: 2026-03-29\nquestions:\n"
        "  - kind: single\n    wording: no\n    options: [no, yes, 1.10, 2026-03-29, null, 0x10, 08:30]\n    required: true\n"
        "  - {kind: rating, wording: on, settings: {low: 1, high: 5, low_label: 1.0}}\n"
    )
    assert draft.title == "2026-03-29"
    assert draft.questions[0].options == ("no", "yes", "1.10", "2026-03-29", "null", "0x10", "08:30")
    assert (draft.questions[0].wording, draft.questions[0].required) == ("no", True)
    assert draft.questions[1].settings == {"low": 1, "high": 5, "low_label": "1.0", "high_label": ""}


LAUGHS = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nheard_poll: 1\n"


@pytest.mark.parametrize(("file", "path", "words"), [
    ("", "file", "empty"), ("   \n", "file", "empty"), ("- a\n", "file", "heard_poll: 1"), ("hello", "file", "heard_poll: 1"),
    ("title: x", "heard_poll", "missing"), ("heard_poll: 2", "heard_poll", "heard_poll"),
    ("heard_poll: 1\ncolour: red", "colour", "no field “colour”"),
    ('{"heard_poll": 1, "questions": [{"kind": "nps", "wording": "x", "colour": 1}]}', "questions.0.colour", "questions.0.colour"),
    ("heard_poll: 1\nquestions: [{kind: single, show_if: {conditions: [{question: 1, operator: like}]}}]",
     "questions.0.show_if.conditions.0.operator", "operator"),
    (LAUGHS, "file", "Line 1 has a tag, an anchor or an alias"),
    ("heard_poll: 1\ntitle: !!python/object/apply:os.system [id]", "file", "Line 2 has a tag"),
    ("%YAML 1.1\n---\nheard_poll: 1", "file", "directives"), ("heard_poll: 1\n---\nheard_poll: 1", "file", "more than one poll"),
    ("heard_poll: 1\ntitle: a\ntitle: b", "file", "Line 3: “title” is there twice"),
    ('{"heard_poll": 1, "title": "a", "title": "b"}', "file", "twice"), ('{"heard_poll": 1,,}', "file", "line 1, column 18"),
    ("heard_poll: 1\n  title: [", "file", "no YAML from line 2"), ("heard_poll: 1\ntitle: \x01", "file", "no YAML"),
    ("[" * 100_000, "file", "nested deeper"), ("{" * 100_000, "file", "JSON"), ('{"a":' * 50_000, "file", "without end"),
    ("x" * 300_000, "file", "262,144 are the most"), ('{"heard_poll": NaN}', "file", "number"),
    ('{"heard_poll": 1, "questions": [{"kind": "single", "wording": "?", "options": ["A", "a "]}]}', "questions.0.options", "same option"),
    ("heard_poll: 1\nquestions: [{kind: single, wording: '?', options: [A, A]}]", "questions.0.options", "there twice"),
    ("heard_poll: 1\nquestions: [{kind: telepathy}]", "kind", "telepathy"), ("heard_poll: 1\nopens_at: 2026-03-29", "opens_at", "opens_at"),
    ("heard_poll: 1\nopens_at: 2026-03-29T10:00", "opens_at", "opens_at"), ('{"heard_poll": 1, "title": 5}', "title", "title"),
    ("heard_poll: 1\ntitle: x\nquestions: [{kind: single, show_if: {conditions: [{question: 9, operator: answered}]}}]",
     "questions.0.show_if", "not there"),
    ("heard_poll: 1\ntitle: x\nopens_at: 2026-03-29T10:00Z\ncloses_at: 2026-03-28T10:00Z", "closes_at", "close before it opens"),
    ("heard_poll: 1\n? [a]\n: b", "file", "name that is no text"),
])  # fmt: skip
def test_what_is_no_poll_is_told_by_its_place_and_nothing_is_made(world, client, session, file, path, words):
    with pytest.raises(BadInput) as refused:
        transfer.read(file)
    assert path in refused.value.fields
    assert words in " ".join([refused.value.message, *refused.value.fields.values()])
    answer = client.sign_in("maya").post("/m/garden/polls/files", data={"text": file})
    assert answer.status_code == 422
    assert session.exec(select(Poll)).all() == []


def test_what_was_sent_stays_in_the_form(world, client):
    answer = client.sign_in("maya").post("/m/garden/polls/files", data={"text": "heard_poll: 1\ncolour: <b>red</b>"})
    assert "colour: &lt;b&gt;red&lt;/b&gt;" in answer.text
    assert "no field “colour”" in answer.text


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 300_000, b""])
def test_an_upload_that_is_no_text_is_refused(world, client, session, content):
    answer = client.sign_in("maya").post("/m/garden/polls/files", files={"file": ("poll.yaml", content)})
    assert answer.status_code == 422
    assert session.exec(select(Poll)).all() == []


def test_the_api_gives_and_takes_files(world, client):
    poll = world.open_poll()
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    for form in ("json", "yaml"):
        file = client.get(f"/api/v1/polls/{poll.slug}/file?form={form}", headers=headers).text
        made = client.post("/api/v1/communities/garden/polls/files", json={"text": file}, headers=headers)
        assert (made.status_code, made.json()["title"], made.json()["status"]) == (201, "Best day", "draft")
    told = client.post("/api/v1/communities/garden/polls/files", json={"text": "heard_poll: 1\nx: 1"}, headers=headers)
    assert (told.status_code, list(told.json()["error"]["fields"])) == (422, ["x"])


def test_a_file_holds_only_what_is_unusual():
    draft = checked(PollDraft("Best day", (Draft("single", "Which?", ("A", "B")),)))
    assert json.loads(transfer.written(draft, "json")) == {
        "heard_poll": 1,
        "title": "Best day",
        "questions": [
            {
                "kind": "single",
                "wording": "Which?",
                "options": ["A", "B"],
                "settings": {"other": False, "dont_know": False},
            }
        ],
    }
