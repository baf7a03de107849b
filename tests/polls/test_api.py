import pytest
from sqlmodel import select

from polls.models import Option, Poll

SINGLE = {"kind": "single", "wording": "Where shall we meet?", "options": ["Library", "Café"]}


@pytest.fixture
def api(world, client):
    """Calls as Maya: api("POST", "/polls/x/opening", {…})."""
    token = world.token("maya")

    def call(method, path, body=None):
        return client.request(method, f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})

    return call


def error(answer, status, code):
    """The error in its one shape."""
    assert answer.status_code == status, answer.text
    told = answer.json()["error"]
    assert set(told) == {"code", "message", "hint", "link", "fields"}
    assert told["code"] == code
    return told


@pytest.mark.both
def test_a_poll_is_made_opened_and_closed(api, session):
    made = api(
        "POST",
        "/communities/garden/polls",
        {"title": "Meeting", "questions": [SINGLE], "voter_rule": "open", "results_rule": "always"},
    )
    assert made.status_code == 201
    poll = made.json()
    assert (poll["slug"], poll["status"], poll["url"]) == ("meeting", "draft", "http://127.0.0.1:8000/p/meeting")
    [question] = poll["questions"]
    assert (question["kind"], [o["label"] for o in question["options"]], question["rows"]) == (
        "single",
        ["Library", "Café"],
        [],
    )
    assert [o["id"] for o in question["options"]] == session.exec(select(Option.id).order_by(Option.position)).all()
    assert [api("POST", f"/polls/meeting/{noun}").json() for noun in ("opening", "closing")] == [
        {"status": "open"},
        {"status": "closed"},
    ]


def test_rules_are_stored_as_sent_and_safe_when_left_out(api, session):
    api(
        "POST",
        "/communities/garden/polls",
        {
            "title": "A",
            "questions": [SINGLE],
            "voter_rule": "sign_in",
            "anonymous": True,
            "listed": False,
            "settings": {"change": False},
        },
    )
    api("POST", "/communities/garden/polls", {"title": "B", "questions": [SINGLE]})
    stored = {
        p.title: (p.voter_rule, p.results_rule, p.anonymous, p.listed, p.may_change) for p in session.exec(select(Poll))
    }
    assert stored == {
        "A": ("sign_in", "after_vote", True, False, False),
        "B": ("browser", "after_vote", False, True, True),
    }


@pytest.mark.parametrize("question", [
    {"kind": "multiple", "options": ["A", "B"], "settings": {"min": 1, "max": 2}}, {"kind": "yes_no"}, {"kind": "rating"},
    {"kind": "rating", "settings": {"low": 0, "high": 10}}, {"kind": "nps"}, {"kind": "short_text"}, {"kind": "long_text"},
])  # fmt: skip
def test_every_kind_there_is_can_be_asked(api, question):
    made = api("POST", "/communities/garden/polls", {"title": "x", "questions": [{"wording": "?", **question}]})
    assert made.status_code == 201
    assert api("POST", f"/polls/{made.json()['slug']}/opening").json() == {"status": "open"}


def test_the_list_has_the_communitys_polls_newest_first(world, api):
    world.open_poll(community="outside", title="Elsewhere")
    for title in ("First", "Second"):
        api("POST", "/communities/garden/polls", {"title": title, "questions": [SINGLE]})
    polls = api("GET", "/communities/garden/polls").json()["polls"]
    assert [(p["slug"], p["title"], p["status"]) for p in polls] == [
        ("second", "Second", "draft"),
        ("first", "First", "draft"),
    ]


@pytest.mark.parametrize(("sent", "field"), [
    ({"title": "x" * 100_000}, "title"),
    ({"title": "nul\0"}, "title"),
    ({"title": 3}, "title"),
    ({"questions": [{**SINGLE, "options": ["A", ""]}]}, "questions.0.options"),
    ({"questions": [{**SINGLE, "options": ["A", "a "]}]}, "questions.0.options"),
    ({"questions": [{**SINGLE, "settings": {"max": 2}}]}, "questions.0.settings"),
    ({"questions": [{**SINGLE, "wording": "w" * 100_000}]}, "questions.0.wording"),
    ({"questions": [{"kind": "nps", "wording": "?", "options": ["A"]}]}, "questions.0.options"),
    ({"questions": "none"}, "questions"),
    ({"voter_rule": "anyone"}, "voter_rule"),
    ({"status": "open"}, "status"),  # mass assignment
    ({"community_id": 2}, "community_id"),
    ({"questions": [{**SINGLE, "position": 9}]}, "questions.0.position"),
])  # fmt: skip
def test_what_cannot_be_a_poll_is_refused_and_nothing_is_stored(api, session, sent, field):
    told = error(
        api("POST", "/communities/garden/polls", {"title": "x", "questions": [SINGLE], **sent}), 422, "bad_input"
    )
    assert field in told["fields"]
    assert session.exec(select(Poll)).all() == []


def test_half_a_surrogate_pair_is_refused(client, world):
    headers = {"Authorization": f"Bearer {world.token('maya')}", "Content-Type": "application/json"}
    answer = client.post(
        "/api/v1/communities/garden/polls", content=b'{"title": "\\ud800", "questions": []}', headers=headers
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["telepathy", "choice", "x" * 5000])
def test_a_kind_that_is_not_there_is_refused_with_those_that_are(api, kind):
    told = error(
        api(
            "POST",
            "/communities/garden/polls",
            {"title": "x", "questions": [{"kind": kind, "wording": "?", "rows": ["A"]}]},
        ),
        422,
        "bad_input",
    )
    assert "single" in told["hint"]
    assert len(told["message"]) < 300


def test_rows_are_refused_where_a_kind_has_none(api):
    error(
        api("POST", "/communities/garden/polls", {"title": "x", "questions": [{**SINGLE, "rows": ["A"]}]}),
        422,
        "bad_input",
    )


def test_a_grid_has_rows_with_ids_beside_its_options(api):
    grid = {"kind": "matrix", "wording": "How is it?", "rows": ["Price", "Taste"], "options": ["Bad", "Good"]}
    made = api("POST", "/communities/garden/polls", {"title": "Grid", "questions": [grid]}).json()
    [question] = made["questions"]
    assert [o["label"] for o in question["options"]] == ["Bad", "Good"]
    assert [r["label"] for r in question["rows"]] == ["Price", "Taste"]
    assert len({o["id"] for o in (*question["options"], *question["rows"])}) == 4
    kept = api("PATCH", f"/polls/{made['slug']}", {"title": "Grids"}).json()["questions"][0]
    assert [r["label"] for r in kept["rows"]] == ["Price", "Taste"]
    assert api("POST", f"/polls/{made['slug']}/opening").status_code == 200


def test_rows_that_are_the_same_to_a_reader_are_refused(api):
    grid = {"kind": "matrix", "wording": "How is it?", "rows": ["Price", " price"], "options": ["Bad", "Good"]}
    told = error(api("POST", "/communities/garden/polls", {"title": "Grid", "questions": [grid]}), 422, "bad_input")
    assert "questions.0.rows" in told["fields"]


def test_a_draft_is_changed_in_part(api):
    slug = api("POST", "/communities/garden/polls", {"title": "Old", "questions": [SINGLE], "intro": "Hello"}).json()[
        "slug"
    ]
    poll = api("PATCH", f"/polls/{slug}", {"title": "New"}).json()
    assert (poll["title"], poll["revision"], poll["questions"][0]["wording"]) == ("New", 2, "Where shall we meet?")
    poll = api(
        "PATCH",
        f"/polls/{slug}",
        {"questions": [{"kind": "nps", "wording": "How likely?"}], "settings": {"change": False}},
    ).json()
    assert (poll["title"], [q["kind"] for q in poll["questions"]]) == ("New", ["nps"])
    assert api("GET", f"/polls/{slug}").json() == poll


def test_an_old_revision_overwrites_nothing(api):
    slug = api("POST", "/communities/garden/polls", {"title": "Old", "questions": [SINGLE]}).json()["slug"]
    api("PATCH", f"/polls/{slug}", {"title": "First", "revision": 1})
    error(api("PATCH", f"/polls/{slug}", {"title": "Second", "revision": 1}), 409, "edited_elsewhere")
    assert api("GET", f"/polls/{slug}").json()["title"] == "First"


@pytest.mark.parametrize("body", [{"title": "New"}, {"questions": [{"id": 1, **SINGLE}]}, {"listed": False}, {}])
def test_a_poll_is_frozen_from_its_first_vote_on(world, api, body):
    poll = world.open_poll()
    world.vote(poll, {"q1": "Yes"})
    error(api("PATCH", f"/polls/{poll.slug}", body), 409, "edition_frozen")
    world.close(poll)
    error(api("PATCH", f"/polls/{poll.slug}", body), 409, "edition_frozen")


def test_refusals_of_opening_and_closing_have_codes(world, api):
    draft, gap = world.draft_poll(), world.draft_poll(options=["Only one"])
    error(api("POST", f"/polls/{draft.slug}/closing"), 409, "not_open")
    error(api("POST", f"/polls/{gap.slug}/opening"), 422, "poll_not_ready")
    api("POST", f"/polls/{draft.slug}/opening")
    error(api("POST", f"/polls/{draft.slug}/opening"), 409, "not_a_draft")


def test_unknown_polls_and_communities_are_told_alike(world, api):
    theirs = world.open_poll(community="outside")
    unknown = error(api("GET", "/polls/nothing-here"), 404, "not_found")
    assert error(api("GET", f"/polls/{theirs.slug}"), 404, "not_found") == unknown
    assert error(api("GET", "/communities/outside/polls"), 404, "not_found") == error(
        api("GET", "/communities/nobody/polls"), 404, "not_found"
    )


def test_conditions_sections_times_and_translations_are_taken_and_given_back(api):
    """What is given can be sent back as it is."""
    shown = {"when": "any", "conditions": [{"question": 1, "operator": "is", "options": ["Café"], "number": None}]}
    asked = [SINGLE | {"shuffled": True, "keep_last": 1, "section": "Where", "section_intro": "First things first."}]
    asked += [{"kind": "number", "wording": "How many?", "show_if": shown, "settings": {"min": 1, "max": None}}]
    sent = {
        "title": "Meeting", "questions": asked, "paged": True, "opens_at": "2040-03-05T18:30:00+01:00",
        "closes_in_days": 7, "translations": {"fr": {"Meeting": "Rencontre"}},
    }  # fmt: skip
    made = api("POST", "/communities/garden/polls", sent).json()
    assert (made["paged"], made["opens_at"], made["closes_at"], made["closes_in_days"]) == (
        True, "2040-03-05T17:30:00Z", None, 7,
    )  # fmt: skip
    assert made["translations"] == sent["translations"]
    one, two = made["questions"]
    assert (one["section"], one["section_intro"], one["shuffled"], one["keep_last"]) == (
        "Where", "First things first.", True, 1,
    )  # fmt: skip
    assert two["show_if"] == shown
    back = [{**q, "options": [o["label"] for o in q["options"]], "rows": []} for q in made["questions"]]
    again = api("PATCH", "/polls/meeting", {"questions": back}).json()
    assert [q["show_if"] for q in again["questions"]] == [q["show_if"] for q in made["questions"]]
    assert again["closes_in_days"] == 7


def test_a_time_is_changed_and_taken_away_and_a_closing_time_replaces_days(api):
    api("POST", "/communities/garden/polls", {"title": "x", "questions": [SINGLE], "closes_in_days": 7})
    poll = api("PATCH", "/polls/x", {"closes_at": "2040-01-01T10:00:00Z"}).json()
    assert (poll["closes_at"], poll["closes_in_days"]) == ("2040-01-01T10:00:00Z", None)
    poll = api("PATCH", "/polls/x", {"closes_at": None, "title": "y"}).json()
    assert (poll["closes_at"], poll["title"]) == (None, "y")


def test_a_poll_whose_opening_is_to_come_is_scheduled_edited_and_opened(api):
    api("POST", "/communities/garden/polls", {"title": "x", "questions": [SINGLE], "opens_at": "2040-01-01T10:00:00Z"})
    assert api("POST", "/polls/x/opening").json() == {"status": "scheduled"}
    assert api("PATCH", "/polls/x", {"title": "y"}).json()["status"] == "scheduled"
    assert api("POST", "/polls/x/opening").json() == {"status": "open"}
    assert [api("POST", f"/polls/x/{noun}").json()["status"] for noun in ("closing", "reopening", "closing")] == [
        "closed", "open", "closed",
    ]  # fmt: skip
    assert [api("POST", f"/polls/x/{noun}").json()["status"] for noun in ("archiving", "restoring")] == [
        "archived", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(("sent", "field"), [
    ({"opens_at": "2040-01-01T10:00"}, "opens_at"), ({"opens_at": "0001-01-01T00:00:00+14:00"}, "opens_at"),
    ({"opens_at": "2040-01-02T10:00:00Z", "closes_at": "2040-01-02T10:00:00Z"}, "closes_at"), ({"closes_in_days": 0}, "closes_in_days"),
    ({"questions": [{**SINGLE, "show_if": {"conditions": [{"question": 0, "operator": "answered"}]}}]},
     "questions.0.show_if.conditions.0.question"),
    ({"questions": [{**SINGLE, "show_if": {"conditions": [{"question": 1, "operator": "answered"}]}}]}, "questions.0.show_if"),
    ({"questions": [SINGLE, {**SINGLE, "show_if": {"conditions": [{"question": 1, "operator": "likes"}]}}]},
     "questions.1.show_if.conditions.0.operator"),
    ({"questions": [{**SINGLE, "show_if": {"conditions": [{"question": 2, "operator": "answered"}]}},
                    {**SINGLE, "show_if": {"conditions": [{"question": 1, "operator": "answered"}]}}]}, "questions.0.show_if"),
    ({"translations": {"de": {"x": "y"}}}, "translations.de"),
])  # fmt: skip
def test_schedules_conditions_and_translations_that_cannot_be_are_refused(api, session, sent, field):
    answer = api("POST", "/communities/garden/polls", {"title": "x", "questions": [SINGLE], **sent})
    told = error(answer, 422, "bad_input")
    assert any(name.startswith(field) for name in told["fields"])
    assert session.exec(select(Poll)).all() == []
