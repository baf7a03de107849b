"""Files to take along: who may, what is in them, what is not, and one moment for all of it."""

import csv
import io
import json
import re
from datetime import datetime

import pytest

from feedback.exports import exporting
from feedback.exports.exporting import TooFewToShow
from feedback.exports.text_tools import NoStatements
from heard.kit.db import writing
from heard.kit.errors import BadInput, NotFound
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import corrections
from tests.feedback import everything
from tests.feedback.voting import rows

FILES = (
    "csv", "long.csv", "jsonl", "xlsx", "codebook.csv", "participants-votes.csv", "comments.csv", "texts.csv", "survey-text.csv",
)  # fmt: skip


def table(slug, form="csv"):
    """The rows of a CSV export by their heads."""
    return list(csv.DictReader(io.StringIO("".join(exporting.export(slug, form)).removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
@pytest.mark.parametrize("file", FILES)
def test_files_are_for_members_who_may_export(world, client, file, person, status):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 10)
    answer = client.sign_in(person).get(f"{poll.page}/responses.{file}")
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["content-disposition"] == f'attachment; filename="{poll.slug}.{file}"'
        assert answer.headers["cache-control"] == "private, no-store"
        assert len(answer.content) > 50


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_what_was_set_aside_is_for_managers(world, client, person, status):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 2, seed=2, set_aside="burst")
    path = f"{poll.page}/responses.set-aside.csv"
    assert client.sign_in(person).get(path).status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
@pytest.mark.parametrize("form", ["csv", "long", "jsonl", "xlsx", "codebook"])
def test_files_by_api_are_for_tokens_that_may_export(world, client, form, person, status):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 5)
    key = world.token(person, read_only=True, community="outside" if person == "olu" else "garden")
    path, headers = f"/api/v1/polls/{poll.slug}/exports/{form}", {"authorization": f"Bearer {key}"}
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    if status == 200 and form not in ("xlsx",):
        assert answer.text == "".join(exporting.export(poll.slug, form))


def test_an_unknown_form_is_named_with_those_there_are(world, client):
    poll = world.open_poll()
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    refused = client.get(f"/api/v1/polls/{poll.slug}/exports/pdf", headers=headers)
    assert (refused.status_code, "xlsx" in refused.json()["error"]["hint"]) == (422, True)
    assert client.sign_in("maya").get(f"{poll.page}/responses.pdf").status_code == 404


@pytest.mark.parametrize("slug", ['a"b\r\nSet-Cookie: x=1', "../../etc/passwd", "é\u202e", "", "x" * 500])
def test_a_files_name_is_never_more_than_a_name(world, monkeypatch, slug):
    monkeypatch.setattr(exporting, "_opened", lambda _slug, _form: iter(()))
    for form in exporting.FORMS:
        file = exporting.download(slug, form)
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*(\.[a-z-]+)+", file.name)
        assert file.headers["Content-Disposition"].isascii()
        assert "\n" not in file.headers["Content-Disposition"]


@pytest.mark.both
def test_ballots_that_are_set_aside_stand_in_a_file_of_their_own(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 6, seed=1)
    everything.answered(poll.frozen, 4, seed=2, set_aside="burst")
    apart = table(poll.slug, "set-aside")
    assert [row["set_aside"] for row in apart] == ["burst"] * 4
    assert all("s2-" in row["submission_id"] for row in apart)
    for form in ("csv", "long", "jsonl", "participants", "comments", "survey-text"):
        assert "s2-" not in "".join(exporting.export(poll.slug, form)), form
    assert len(table(poll.slug)) == 6


@pytest.mark.both
def test_an_open_anonymous_poll_gives_whole_steps_with_days_only(world):
    poll = everything.everything(world, anonymous=True)
    everything.answered(poll.frozen, 4, seed=1)
    for form in ("csv", "long", "jsonl", "xlsx", "participants", "statements", "comments", "survey-text"):
        with pytest.raises(TooFewToShow):
            exporting.download(poll.slug, form)
    everything.answered(poll.frozen, 2, seed=2)
    before = table(poll.slug)
    assert len(before) == 6  # a step holds the whole batch in which the fifth came
    everything.answered(poll.frozen, 3, seed=3)
    assert table(poll.slug) == before
    texts = table(poll.slug, "survey-text")
    assert {t["participant_id"] for t in texts} <= {row["submission_id"] for row in before}
    assert {datetime.fromisoformat(row["submitted_at"]).time() for row in before} == {datetime(2026, 1, 1).time()}
    ids = [r["submission_id"] for r in sorted(rows("responses"), key=lambda r: r["id"]) if r["released"]]
    assert [row["submission_id"] for row in before] == ids


def test_what_was_set_aside_in_an_anonymous_poll_waits_for_its_end_and_for_five(world):
    poll = everything.everything(world, anonymous=True)
    everything.answered(poll.frozen, 6, seed=1)
    everything.answered(poll.frozen, 4, seed=2, set_aside="quick")
    with pytest.raises(TooFewToShow, match="once it is closed"):
        exporting.download(poll.slug, "set-aside")
    everything.answered(poll.frozen, 1, seed=3, set_aside="quick")
    world.close(poll)
    assert len(table(poll.slug, "set-aside")) == 5


@pytest.mark.both
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_is_of_one_moment_whoever_votes_meanwhile(world, form, monkeypatch):
    monkeypatch.setattr("feedback.collect.queries.PIECE", 10)
    poll = everything.everything(world)
    everything.answered(poll.frozen, 35)
    pieces = exporting.export(poll.slug, form)
    got = [next(pieces), next(pieces)]
    everything.answered(poll.frozen, 30, seed=2)
    got += pieces
    assert len(got) == 35 + (form == "csv")
    assert "s2-" not in "".join(got)


@pytest.mark.both
def test_the_order_is_that_of_random_ids_and_stays(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 30)
    first = "".join(exporting.export(poll.slug, "long"))
    assert first == "".join(exporting.export(poll.slug, "long"))
    order = [row["submission_id"] for row in table(poll.slug)]
    assert order != sorted(order, key=lambda s: int(s.rpartition("-")[2]))


def test_the_matrix_of_participants_counts_what_the_results_count(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 60)
    matrix, listed = table(poll.slug, "participants"), table(poll.slug, "statements")
    assert list(matrix[0])[:8] == [
        "participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "0", "1",
    ]  # fmt: skip
    assert [row["participant"] for row in matrix] == [str(n) for n in range(len(matrix))]
    assert [(s["comment-id"], s["comment-body"]) for s in listed] == [("0", "'-More light"), ("1", "Longer hours")]
    for statement in listed:
        votes = [row[statement["comment-id"]] for row in matrix]
        assert (votes.count("1"), votes.count("-1")) == (int(statement["agrees"]), int(statement["disagrees"]))
    assert all(int(r["n-votes"]) == sum(r[s] != "" for s in ("0", "1")) for r in matrix)
    assert all(int(r["n-agree"]) == sum(r[s] == "1" for s in ("0", "1")) for r in matrix)


def test_a_poll_without_statements_has_no_matrix(world):
    poll = world.open_poll()
    for form in ("participants", "statements"):
        with pytest.raises(NoStatements):
            exporting.download(poll.slug, form)


@pytest.mark.both
def test_texts_for_reports_are_the_comments_that_count(world, client):
    poll = world.open_poll([Draft("long_text", "Why?"), Draft("short_text", "And?")], voter_rule="open")
    gone = world.vote(poll, {"q1": "withdrawn words"})
    world.vote(poll, {"q1": "first", "q2": "second"})
    assert client.post(f"/r/{gone}/withdrawal").status_code == 303
    assert sorted(row["comment-body"] for row in table(poll.slug, "comments")) == ["first", "second"]
    by = table(poll.slug, "survey-text")
    assert sorted(row["survey_text"] for row in by) == ["first", "second"]
    assert {row["participant_id"] for row in by} == {table(poll.slug)[0]["submission_id"]}


def test_the_codebook_says_what_each_column_means(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 40)
    with writing() as session:
        corrections.correct(
            session, session.get_one(Poll, poll.id), f"{poll.questions[8].name}-wording", "How  many", by=None
        )
    book = table(poll.slug, "codebook")
    columns = [row["column"] for row in book if row["column"]]
    heads = list(table(poll.slug)[0])[4:]
    assert columns == heads
    question = {row["field_id"]: row for row in book if row["row"] == "question"}
    nps = question[poll.questions[5].field_id]
    assert (nps["kind"], "Yes?" in nps["asked_if"]) == ("nps", True)
    csv_rows = table(poll.slug)
    assert int(nps["answered"]) == sum(row["Recommend"] != "" for row in csv_rows)
    codes = [
        (r["code"], r["label"]) for r in book if r["row"] == "option" and r["field_id"] == poll.questions[4].field_id
    ]
    assert codes[0] == ("1", "Strongly disagree")
    assert [r["wording"] for r in book if r["row"] == "correction"] == ["How many"]


def test_the_codebook_of_an_anonymous_poll_tells_no_count_before_the_first_step(world, client):
    poll = everything.everything(world, anonymous=True)
    everything.answered(poll.frozen, 3)
    assert {row["answered"] for row in table(poll.slug, "codebook")} == {""}
    assert "Answered" not in re.sub(r"<th.*?</th>", "", client.sign_in("maya").get(f"{poll.page}/codebook").text)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)])
def test_the_page_of_the_codebook_escapes_every_word(world, client, person, status):
    poll = world.open_poll([Draft("single", "<script>x</script>", ("<b>1</b>", '"><img src=x>'))], title="<i>t</i>")
    answer = client.sign_in(person).get(f"{poll.page}/codebook")
    assert answer.status_code == status
    assert not re.search(r"<script>x|<b>1|<img src=x|<i>t", answer.text)
    assert ("&lt;b&gt;1" in answer.text) == (status == 200)


def test_the_results_page_links_only_files_that_there_are(world, client):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 5)
    plain = world.open_poll()
    maya = client.sign_in("maya")
    for one in (poll, plain):
        page = maya.get(f"{one.page}/results").text
        links = re.findall(rf'href="({one.page}/(?:responses\.[^"]+|codebook))"', page)
        assert [link for link in links if maya.get(link).status_code != 200] == []
        assert ("participants-votes" in page, "survey-text" in page) == (one is poll, one is poll)
    assert "set-aside.csv" not in client.sign_in("ravi").get(f"{poll.page}/results").text


def test_json_lines_are_one_record_a_line_for_every_reader(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 80)
    content = "".join(exporting.export(poll.slug, "jsonl"))
    assert len(content.splitlines()) == 80
    values = [v for line in content.splitlines() for several in json.loads(line)["answers"].values() for v in several]
    assert any("\u2028" in v.get("text", "") for v in values)


def test_a_poll_that_is_not_there_is_said_before_the_first_piece(world):
    with pytest.raises(NotFound):
        exporting.download("nothing", "xlsx")
    with pytest.raises(BadInput):
        exporting.export(world.open_poll().slug, "xlsx")
