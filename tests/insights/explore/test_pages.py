"""The results explorer as members use it: one page, one address for each view, files of each."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random

import pytest

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from feedback.collect.queries import snapshot, stored_responses
from insights.explore import live
from polls.kinds.kind import Draft, Value
from tests.contracts import full_house
from tests.feedback import everything
from tests.polls.trying import polls_of_trial, trial_in

PEOPLE = [("maya", 200), ("ravi", 200), ("vic", 403), ("olu", 404)]
K = 5


def choices(world, n, seed=1, **rules):
    """Three single choices and a rating; those who are new like evenings more."""
    drafts = [
        Draft("single", "Which evening?", ("Monday", "Friday", "Neither")), Draft("single", "Member since?", ("This year", "Longer")),
        Draft("rating", "How do you like it?", settings={"low": 1, "high": 5, "low_label": "not", "high_label": "a lot"}),
        Draft("long_text", "Why?"),
    ]  # fmt: skip
    poll = world.open_poll(drafts, voter_rule="open", title="Evenings", **rules)
    evening, since, rating, _why = poll.questions
    chance, made = Random(seed), []
    for at in range(n):
        new = chance.random() < 0.4
        said = {
            evening.id: [Value(option=chance.choices(evening.options, (6, 2, 2) if new else (2, 6, 2))[0].id)],
            since.id: [Value(option=since.options[0 if new else 1].id)],
            rating.id: [Value(number=float(chance.choice((3, 4, 5)) if new else chance.choice((1, 2, 3, 4, 5))))],
        }
        submission = voters.submission_of(poll.id, f"{seed}-{at}") if poll.frozen.anonymous else f"{seed}-{at}"
        made.append(Ballot(poll.frozen, submission, voters.key_for_submission(poll.id, submission), said, "import"))
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
    return poll


def test_everybody_sees_the_finding_first_and_a_chart_a_table_and_a_sentence_for_each_question(world, client):
    poll = choices(world, 120)
    page = client.sign_in("ravi").get(f"{poll.page}/results").text
    head = re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]
    assert "Asked “" in head
    assert "of 120" in head
    assert "no margin of error" in page
    sections = re.split(r'<section class="stack of-question"', page)[1:]
    assert len(sections) == 4
    for section in sections[:3]:
        assert 'class="finding"' in section
        assert '<svg class="bar"' in section
        assert "<table" in section
        assert json.loads(unescape(re.search(r'data-figure="([^"]*)"', section)[1]))["data"]


@pytest.mark.parametrize(("person", "status"), PEOPLE)
def test_every_view_is_for_members_who_may_export(world, client, person, status):
    poll = choices(world, 60)
    evening, since = poll.questions[:2]
    someone = client.sign_in(person)
    assert someone.get(f"{poll.page}/results").status_code == (200 if person == "vic" else status)
    for path in (f"?by=q{since.id}", f"/q{evening.id}.csv", f"/q{evening.id}.svg", "/all.csv"):
        assert someone.get(f"{poll.page}/results{path}").status_code == status, path


def test_a_split_shows_the_parts_side_by_side_with_a_test(world, client):
    poll = choices(world, 200)
    evening, since = poll.questions[:2]
    page = client.sign_in("ravi").get(f"{poll.page}/results?by=q{since.id}").text
    section = page.split(f'id="q{evening.id}"')[1]
    assert "This year" in section
    assert re.search(r"Differs (clearly|strongly)", section)
    assert "The view is about this question itself." in page


def test_of_a_small_group_that_said_the_same_every_surface_says_nearly_all(world, client):
    """R4: 8 of 8 newcomers said Friday, and 12 of 13 of those who moved here; nobody reads which of them all did."""
    drafts = [
        Draft("single", "Which evening?", ("Monday", "Friday")),
        Draft("single", "Member since?", ("New", "Moved", "Longer")),
    ]
    poll = world.open_poll(drafts, voter_rule="open", title="Evenings")
    evening, since = poll.questions
    said = [(1, 0)] * 8 + [(1, 1)] * 12 + [(0, 1)] + [(0, 2)] * 40 + [(1, 2)] * 50
    made = []
    for at, (one, other) in enumerate(said):
        chosen = {
            evening.id: [Value(option=evening.options[one].id)],
            since.id: [Value(option=since.options[other].id)],
        }
        made.append(Ballot(poll.frozen, f"{at}", voters.key_for_submission(poll.id, f"{at}"), chosen, "import"))
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
    ravi, by = client.sign_in("ravi"), f"?by=q{since.id}"
    page = ravi.get(f"{poll.page}/results{by}").text
    [friday] = re.findall(r"<p class=\"split-label\"><bdi>Friday</bdi></p>(.*?)</ul>", page, re.S)
    assert re.findall(r"<b>(≥.*?)</b>", friday) == ["≥\u00a080%", "≥\u00a090%"]
    assert "everybody gave this answer, or all but one" in page
    sheet = list(csv.reader(io.StringIO(ravi.get(f"{poll.page}/results/q{evening.id}.csv{by}").text)))
    assert [row[5:8] for row in sheet if row[3:5] in (["Friday", "New"], ["Friday", "Moved"])] == [
        ["", "8", "≥ 80"],
        ["", "13", "≥ 90"],
    ]
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    told = client.get(f"/api/v1/polls/{poll.slug}/view{by}", headers=key).json()
    bars = [bar for bar in told["figures"][0]["groups"][1]["bars"] if bar["at_least"]]
    assert [(bar["n"], bar["share"], bar["at_least"]) for bar in bars] == [(None, None, 0.8), (None, None, 0.9)]
    crossed = ravi.get(f"{poll.page}/crossing?rows=q{since.id}&columns=q{evening.id}").text
    assert [crossed.count(f"≥&nbsp;{share}%") for share in (80, 90)] == [1, 1]
    only = ravi.get(f"{poll.page}/results?where=q{since.id}:is:{since.options[0].id}").text
    assert "≥\u00a080%" in only


def test_one_view_has_one_address(world, client):
    poll = choices(world, 200)
    since = poll.questions[1]
    one = since.options[0].id
    ravi = client.sign_in("ravi")
    answer = ravi.get(f"{poll.page}/results?by=&where={since.id}:is:{one}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{poll.page}/results?where=q{since.id}:is:{one}"
    page = ravi.get(answer.headers["location"])
    assert page.status_code == 200
    assert f"/results?where=q{since.id}:is:{one}" in page.text


def test_page_csv_api_and_hover_tell_the_same_figures_and_write_nothing(world, client):
    poll = choices(world, 90, seed=4)
    _evening, since, rating = poll.questions[:3]
    ravi, key = client.sign_in("ravi"), {"authorization": f"Bearer {world.token('ravi')}"}
    queries = ["", f"?by=q{since.id}", f"?where=q{since.id}:is:{since.options[0].id}", f"?by=q{rating.id}",
               f"?where=q{since.id}:is:{since.options[0].id}&by=q{rating.id}", "?by=week"]  # fmt: skip
    before = full_house.contents()
    for query in queries:
        told = ravi.get(f"/api/v1/polls/{poll.slug}/view{query}", headers=key).json()
        page = ravi.get(f"{poll.page}/results{query}").text
        sheet = list(
            csv.reader(io.StringIO(ravi.get(f"{poll.page}/results/all.csv{query}").text.removeprefix("\ufeff")))
        )
        api = [bar["n"] for f in told["figures"] for g in f["groups"] for bar in g["bars"]]
        assert [row[5] for row in sheet[1:]] == ["" if n is None else str(n) for n in api], query
        if query:
            assert all(n is None or n >= K for n in api)
        charts = [json.loads(unescape(c)) for c in re.findall(r'data-figure="([^"]*)"', page)]
        hover = " ".join(words for c in charts for trace in c["data"] for words in trace["hovertext"])
        assert [int(n) for n in re.findall(r"(\d+) / \d+", hover)].sort() == [n for n in api if n is not None].sort()
    assert full_house.contents() == before


def test_two_filters_leave_those_who_gave_both_answers(world, client):
    poll = choices(world, 300)
    evening, since, rating = poll.questions[:3]
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    wheres = f"where=q{since.id}:is:{since.options[1].id}&where=q{evening.id}:is:{evening.options[1].id}"
    told = client.get(f"/api/v1/polls/{poll.slug}/view?{wheres}", headers=key).json()
    with snapshot() as session:
        both = [
            r.answers[rating.id][0].number for r in stored_responses(session, poll.id)
            if (r.answers[since.id][0].option, r.answers[evening.id][0].option) == (since.options[1].id, evening.options[1].id)
        ]  # fmt: skip
    assert told["base"] == len(both)
    [stars] = [f for f in told["figures"] if f["question"] == rating.id]
    shown = {bar["label"]: bar["n"] for bar in stars["groups"][0]["bars"] if bar["n"] is not None}
    assert len(shown) >= 4
    assert shown.items() <= {str(step): both.count(step) for step in (1, 2, 3, 4, 5)}.items()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("where=zz:is:1", "bad_filter"), ("by=zz", "unknown_field"), ("where=week:is:2020-01-06", "bad_filter"),
        ("where=way:is:l99", "bad_filter"), ("by=version", "too_much_beside"), ("by=Q2&where=Q2:is:A", "too_much_beside"),
        ("where=Q1:is:A&where=Q2:is:A&by=Q3", "too_much_beside"), ("margin=Q2:A=50,B=40", "bad_margin"),
        ("margin=Q2:A=nan,B=40", "bad_margin"), ("margin=Q2:A=1e308,B=1e308", "bad_margin"),
        ("margin=Q2:A=100", "bad_margin"), ("margin=Q3:1=100", "bad_margin"),
        ("margin=Q2:A=50,B=50&by=Q1", "too_much_beside"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_with_what_to_do(world, client, query, code):
    poll = choices(world, 120)
    for name, question in (("Q1", poll.questions[0]), ("Q2", poll.questions[1]), ("Q3", poll.questions[2])):
        query = query.replace(name, f"q{question.id}")
    query = query.replace(
        f"q{poll.questions[0].id}:is:A", f"q{poll.questions[0].id}:is:{poll.questions[0].options[0].id}"
    )
    for letter, option in zip("AB", poll.questions[1].options, strict=True):
        query = re.sub(rf"(?<=[:,]){letter}\b", str(option.id), query)
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    refused = client.get(f"/api/v1/polls/{poll.slug}/view?{query}", headers=key)
    assert refused.json()["error"]["code"] == code, refused.text
    ravi = client.sign_in("ravi")
    page = ravi.get(f"{poll.page}/results?{query}")
    page = ravi.get(page.headers["location"]) if page.status_code == 303 else page
    assert page.status_code == refused.status_code
    assert 'role="alert"' in page.text


def test_weights_stand_beside_what_came_with_what_they_cost(world, client):
    poll = choices(world, 200)
    evening, since = poll.questions[:2]
    form = {f"share.q{since.id}.{o.id}": share for o, share in zip(since.options, ("52", "48 %"), strict=True)}
    form |= {f"share.q{evening.id}.{o.id}": "" for o in evening.options}
    ravi = client.sign_in("ravi")
    moved = ravi.get(f"{poll.page}/results", params=form)
    assert moved.status_code == 303
    assert "margin=" in moved.headers["location"]
    assert str(evening.id) + ":" not in moved.headers["location"].replace(f"q{since.id}:", "")
    page = ravi.get(moved.headers["location"]).text
    assert "Design effect" in page
    assert "As it came" in page
    assert "They cannot speak for people who did not answer at all" in page
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    told = client.get(
        f"/api/v1/polls/{poll.slug}/view{moved.headers['location'].partition('/results')[2]}", headers=key
    ).json()
    assert told["weights"]["effective_n"] < 200
    [figure] = [f for f in told["figures"] if f["question"] == evening.id]
    assert sum(g["bars"][1]["share"] for g in figure["groups"]) == pytest.approx(1)


def test_what_came_and_what_is_weighed_are_of_the_same_people(world, client):
    """Those who left the question of the margin out are in neither: else they would look like an effect of the weights."""
    drafts = [Draft("single", "Member since?", ("This year", "Longer")), Draft("single", "Which?", ("Tea", "Coffee"))]
    poll = world.open_poll(drafts, voter_rule="open")
    since, drink = poll.questions
    made = []
    for at in range(160):
        said = {drink.id: [Value(option=drink.options[at >= 100 or at % 2].id)]}
        if at < 100:
            said[since.id] = [Value(option=since.options[at // 50].id)]
        made.append(Ballot(poll.frozen, f"{at}", voters.key_for_submission(poll.id, f"{at}"), said, "import"))
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
    margin = f"q{since.id}:{since.options[0].id}=50,{since.options[1].id}=50"
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    told = client.get(f"/api/v1/polls/{poll.slug}/view?margin={margin}", headers=key).json()
    [figure] = [f for f in told["figures"] if f["question"] == drink.id]
    assert [[(bar["of"], bar["share"]) for bar in g["bars"]] for g in figure["groups"][:2]] == [[(100, 0.5)] * 2] * 2
    assert figure["finding"] == "The weights change nothing here."


def test_pictures_hold_what_makes_them_honest(world, client):
    poll = choices(world, 120)
    evening, since = poll.questions[:2]
    ravi = client.sign_in("ravi")
    svg = ravi.get(f"{poll.page}/results/q{evening.id}.svg?by=q{since.id}")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert "<title>Which evening?" in svg.text
    assert "120 responses" in svg.text
    assert "<script" not in svg.text
    png = ravi.get(f"{poll.page}/results/q{evening.id}.png")
    assert png.content.startswith(b"\x89PNG")
    assert ravi.get(f"{poll.page}/results/q99999.png").status_code == 404
    assert ravi.get(f"{poll.page}/results/q{evening.id}.gif").status_code in (404, 422)


def test_all_kinds_and_hostile_words_stay_words_in_every_view(world, client):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 150)
    ravi = client.sign_in("ravi")
    for query in ("", "?by=q3", "?by=q11/1", "?where=q3:answered"):
        page = ravi.get(f"{poll.page}/results{query.replace('q11/1', poll.questions[10].field_id + '/1')}")
        assert page.status_code in (200, 409), query
    sheet = ravi.get(f"{poll.page}/results/all.csv").text
    assert not re.search(r'(^|,)"[=+@]', sheet, re.M)
    for question in poll.questions:
        if question.kind not in ("short_text", "long_text"):
            assert ravi.get(f"{poll.page}/results/{question.name}.svg").status_code == 200, question.kind


def test_an_anonymous_poll_tells_no_weeks_while_it_is_open(world, client):
    poll = choices(world, 60, anonymous=True)
    key = {"authorization": f"Bearer {world.token('ravi')}"}
    at = f"/api/v1/polls/{poll.slug}/view?by=week"
    assert client.get(at, headers=key).json()["error"]["code"] == "small_group"
    world.close(poll)
    assert client.get(at, headers=key).status_code == 200


def asked_twice(world, client, others=0):
    """A trial that 12 people answered in two versions, of whom `others` had not answered the first; the second's poll."""
    trial = trial_in(world)
    people = [f"p{n}@home.example" for n in range(12 + others)]
    trial.sign_up(*people)
    trial.ask()
    for at, person in enumerate(people[:12]):
        trial.answer(client, person, 2 + at % 2)
    trial.next_version("too loud", "softer lamps")
    for at, person in enumerate(people[others:]):
        trial.answer(client, person, 4 + at % 2)
    return polls_of_trial(trial)[-1]


def test_versions_that_the_same_people_answered_are_compared_person_by_person(world, client):
    poll = asked_twice(world, client)
    page = client.sign_in("ravi").get(f"/m/garden/polls/{poll.slug}/results?by=version").text
    assert re.search(
        r"On average 2\.5 in “Version 1.*?”, 4\.5 in “Version 2.*?”, of the 12 people who answered both\.", page
    )
    assert "Higher: +2.0 (+2.0 to +2.0)." in page
    assert "person by person, as the same people answered both versions" in page
    assert "p < " not in page.replace("\u00a0", " ")  # they are no two samples


def test_versions_of_two_crowds_are_said_to_be_two_groups(world, client):
    poll = asked_twice(world, client, others=10)
    page = client.sign_in("ravi").get(f"/m/garden/polls/{poll.slug}/results?by=version").text
    assert "Compared as two groups: fewer than 5 people answered both versions." in page
    assert "of the 12 people who answered both" not in page


def test_weeks_are_joined_and_a_change_is_told(world, client):
    drafts = [Draft("single", "Which?", ("Tea", "Coffee"))]
    poll = world.open_poll(drafts, voter_rule="open", title="Drinks")
    tea, coffee = poll.questions[0].options
    made = []
    for at in range(400):
        week = at // 40
        option = tea if at % 10 < (2 if week < 5 else 7) else coffee
        when = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(weeks=week)
        said = {poll.questions[0].id: [Value(option=option.id)]}
        made.append(
            Ballot(poll.frozen, f"{at}", voters.key_for_submission(poll.id, f"{at}"), said, "import", "en", when)
        )
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]
    page = client.sign_in("ravi").get(f"{poll.page}/results?by=week").text
    assert re.search(r"“(Tea|Coffee)” (rose|fell): \d+% before, \d+% from “Week of 6 April 2026” on", page)
    assert page.count('class="columns-chart"') == 2


def test_an_open_poll_tells_of_new_answers_to_those_who_may_read(world, client):
    poll = choices(world, 60)
    at = f"{poll.page}/results/live"
    told = client.sign_in("ravi").get(at)
    assert told.headers["content-type"].startswith("text/event-stream")
    assert "event: n\ndata: 60\n" in told.text
    assert client.sign_in("olu").get(at).status_code == 404
    world.close(poll)
    live._seen.clear()
    assert "event: closed" in client.sign_in("ravi").get(at).text


def test_an_anonymous_poll_moves_in_steps_live_too(world, client):
    poll = choices(world, 7, anonymous=True)
    for _person in range(2):
        world.vote(poll, {"q1": "Monday"})
    live._seen.clear()
    assert "data: 7\n" in client.sign_in("ravi").get(f"{poll.page}/results/live").text


def test_the_ends_of_a_scale_have_their_words_in_the_chart_as_in_the_list(world, client):
    poll = choices(world, 30)
    page = unescape(client.sign_in("ravi").get(f"/m/garden/polls/{poll.slug}/results").text)
    assert ('"1: not", "2", "3", "4", "5: a lot"' in page, "<bdi>5: a lot</bdi>" in page) == (True, True)
