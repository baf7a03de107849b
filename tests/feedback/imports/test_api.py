"""Bringing a file in over the API: what the pages can do, a call for each step."""

import base64
import io
import json
import tracemalloc

import pytest

import feedback.jobs  # noqa: F401  (registers its jobs)
from feedback.imports import looking, uploads
from feedback.integrity import verifying
from heard.client import HeardError
from heard.kit import work
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.feedback.imports.test_pages import TABLE
from tests.feedback.voting import n_of, rows

HERE = "/api/v1/communities/garden/imports"


def file(content: str | bytes = TABLE, name: str = "days.csv", **more: object) -> dict[str, object]:
    """What a program sends."""
    raw = content.encode() if isinstance(content, str) else content
    return {"file_name": name, "content": base64.b64encode(raw).decode(), **more}


@pytest.fixture
def maya(world):
    with world.heard("maya") as heard:
        yield heard


@pytest.fixture
def call(world, client):
    """Calls with Maya's token, as they come: (status, code or answer)."""
    key = world.token("maya")

    def sent(method, path, body=None, **headers):
        headers = {"authorization": f"Bearer {key}"} | headers
        answer = client.request(method, path, headers=headers, json=body)
        told = answer.json() if answer.content else None
        return answer.status_code, told["error"]["code"] if answer.status_code >= 400 else told

    return sent


@pytest.mark.both
def test_a_file_is_looked_at_mapped_and_brought_in(world, maya):
    made = maya.begin_import("garden", file(title="Days that suit"))
    day, why = made["questions"]
    assert (made["status"], made["format"], made["rows"], made["refused"], made["error"]) == ("ready", "csv", 12, 0, "")
    assert (day["wording"], day["kind"], day["options"], day["answers"]) == (
        "Which day?",
        "single",
        ["Monday", "Thursday"],
        12,
    )
    assert (why["kind"], why["examples"][0], made["first"]["rows"][0][1:]) == (
        "long_text",
        "words number 0",
        ["Monday", "words number 0"],
    )
    assert rows("polls") == rows("responses") == []

    other = [{"id": day["id"], "wording": "Your day"}, {"id": why["id"], "kind": "short_text"}]
    changed = maya.change_import(made["id"], {"questions": other, "listed": True})
    assert [(q["wording"], q["kind"]) for q in changed["questions"]] == [("Your day", "single"), ("Why?", "short_text")]
    assert rows("polls") == []

    running = maya.record_import(made["id"], {"hash": changed["hash"]})
    assert (running["status"], running["done"]) == ("running", 0)
    work.run_due()
    done = maya.read_import(made["id"])
    assert [done[n] for n in ("status", "rows", "done", "taken", "unchanged", "refused", "error")] == [
        "done", 12, 12, 12, 0, 0, "",
    ]  # fmt: skip
    (poll,) = rows("polls")
    assert (done["poll"], poll["title"], bool(poll["listed"])) == (poll["slug"], "Days that suit", True)
    assert [(q["wording"], q["kind"]) for q in rows("questions")] == [("Your day", "single"), ("Why?", "short_text")]
    assert verifying.verify(poll["slug"]).sound
    assert (rows("import_pieces"), done["questions"], done["first"]["rows"]) == ([], [], [])


def test_a_question_is_left_out_and_taken_again(world, maya):
    made = maya.begin_import("garden", file())
    at, why = made["id"], made["questions"][1]["id"]
    assert maya.change_import(at, {"questions": [{"id": why, "to": "-"}]})["first"]["heads"] == ["Which day?"]
    again = maya.change_import(at, {"questions": [{"id": why, "to": ""}]})
    assert again["first"]["heads"] == ["Which day?", "Why?"]


def test_what_is_left_out_of_a_change_stays(world, maya):
    made = maya.begin_import("garden", file(listed=True))
    day, why = (q["id"] for q in made["questions"])
    maya.change_import(made["id"], {"questions": [{"id": day, "wording": "Your day"}]})
    changed = maya.change_import(made["id"], {"questions": [{"id": why, "wording": "Your reason"}]})
    assert ([q["wording"] for q in changed["questions"]], changed["listed"]) == (["Your day", "Your reason"], True)
    assert maya.change_import(made["id"], {"listed": False})["listed"] is False


def test_another_format_reads_the_file_anew(world, maya):
    long = "submission_id,field_id,field_type,value\na,day,single,Monday\nb,day,single,Thursday\n"
    made = maya.begin_import("garden", file(long))
    assert (made["format"], len(made["questions"])) == ("long", 1)
    as_table = maya.change_import(made["id"], {"format": "csv"})
    assert (as_table["format"], len(as_table["questions"]) > 1) == ("csv", True)
    assert maya.begin_import("garden", file(long, format="csv"))["format"] == "csv"


def test_columns_go_to_the_questions_of_a_poll_that_the_import_names(world, maya):
    poll = world.open_poll([Draft("single", "Which day?", ("Monday", "Thursday")), Draft("long_text", "Tell us more")])
    world.vote(poll, {"q1": "Monday"})
    made = maya.begin_import("garden", file(poll=poll.slug))
    day, more = made["targets"]
    assert [q["to"] for q in made["questions"]] == [day["to"], "-"]
    maya.change_import(made["id"], {"questions": [{"id": made["questions"][1]["id"], "to": more["to"]}]})
    maya.record_import(made["id"], {"hash": made["hash"]})
    work.run_due()
    assert (n_of(poll), len(rows("comments"))) == (13, 12)
    assert maya.read_import(made["id"])["poll"] == poll.slug
    assert verifying.verify(poll.slug).sound


def test_two_columns_cannot_go_to_one_question(world, maya):
    poll = world.open_poll([Draft("long_text", "Why?")])
    made = maya.begin_import("garden", file(poll=poll.slug))
    to = made["targets"][0]["to"]
    wrong = maya.change_import(made["id"], {"questions": [{"id": q["id"], "to": to} for q in made["questions"]]})
    assert "Two questions of the file" in wrong["error"]
    assert all("Two questions" in q["problem"] for q in wrong["questions"])
    with pytest.raises(HeardError) as refused:
        maya.record_import(made["id"], {"hash": made["hash"]})
    assert (refused.value.status, refused.value.code) == (409, "import_not_ready")
    assert rows("imports")[0]["status"] == "ready"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"id": "nobody asked"}, "no question"),
        ({"id": "day", "kind": "number"}, "fit these kinds only: single"),
        ({"id": "day", "to": "elsewhere"}, "none of the targets"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_and_nothing_changes(world, maya, said, words):
    made = maya.begin_import("garden", file())
    said = said | {"id": made["questions"][0]["id"] if said["id"] == "day" else said["id"]}
    before = rows("imports")
    with pytest.raises(HeardError) as refused:
        maya.change_import(made["id"], {"questions": [said]})
    assert (refused.value.status, list(refused.value.fields)) == (422, [said["id"]])
    assert words in refused.value.message
    assert rows("imports") == before


def test_a_new_format_and_its_questions_are_two_calls(world, call):
    _status, made = call("POST", HERE, file())
    both = {"format": "long", "questions": [{"id": made["questions"][0]["id"], "wording": "x"}]}
    assert call("PATCH", f"/api/v1/imports/{made['id']}", both) == (422, "bad_input")


def test_what_was_not_looked_at_is_not_brought_in(world, call):
    _status, made = call("POST", HERE, file())
    at = f"/api/v1/imports/{made['id']}"
    assert call("POST", f"{at}/recording", {"hash": "0" * 64}) == (409, "changed_file")
    with writing() as session:  # somebody else sends another file by its page
        found = session.get_one(uploads.Import, made["id"])
        uploads.replace_file(session, found, "other.csv")
    looking.take_in(made["id"], io.BytesIO(TABLE.replace("Monday", "Sunday").encode()))
    assert call("POST", f"{at}/recording", {"hash": made["hash"]}) == (409, "changed_file")
    assert rows("imports")[0]["status"] == "ready"


def test_an_import_that_has_begun_is_not_changed(world, call):
    _status, made = call("POST", HERE, file())
    at = f"/api/v1/imports/{made['id']}"
    assert call("POST", f"{at}/recording", {"hash": made["hash"]})[0] == 200
    assert call("PATCH", at, {"listed": True}) == (409, "import_ended")
    assert call("POST", f"{at}/recording", {"hash": made["hash"]})[0] == 200  # pressed twice
    assert call("DELETE", at) == (409, "refused")
    work.run_due()
    assert call("PATCH", at, {"listed": True}) == (409, "import_ended")
    assert call("POST", f"{at}/recording", {"hash": made["hash"]}) == (409, "import_ended")
    assert len(rows("responses")) == 12
    assert call("DELETE", at) == (204, None)
    assert (call("GET", at), len(rows("responses"))) == ((404, "not_found"), 12)


def test_a_running_import_is_stopped(world, maya):
    made = maya.begin_import("garden", file())
    maya.record_import(made["id"], {"hash": made["hash"]})
    assert maya.stop_import(made["id"])["status"] == "running"
    work.run_due()
    assert maya.read_import(made["id"])["status"] == "canceled"
    assert rows("polls") == rows("responses") == []


def test_a_large_file_is_read_by_the_worker(world, maya, monkeypatch):
    monkeypatch.setattr(uploads, "PIECE", 50)
    monkeypatch.setattr(uploads, "SMALL", 100)
    made = maya.begin_import("garden", file(listed=True))
    assert (made["status"], made["questions"], len(rows("import_pieces")) > 2) == ("uploaded", [], True)
    with pytest.raises(HeardError) as refused:
        maya.record_import(made["id"], {"hash": made["hash"]})
    assert (refused.value.status, refused.value.code) == (409, "import_not_ready")
    work.run_due()
    ready = maya.read_import(made["id"])
    assert (ready["status"], ready["listed"]) == ("ready", True)
    other = {"questions": [{"id": ready["questions"][0]["id"], "wording": "Your day"}]}
    assert maya.change_import(made["id"], other)["status"] == "uploaded"
    work.run_due()
    assert maya.read_import(made["id"])["questions"][0]["wording"] == "Your day"
    maya.record_import(made["id"], {"hash": made["hash"]})
    work.run_due()
    assert len(rows("responses")) == 12


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"content": "not base64"}, "content"),
        ({"content": "QQ"}, "content"),
        ({"content": "Qé=="}, "content"),
        ({"content": ""}, "content"),
        ({"content": 7}, "content"),
        ({"file_name": "a\0.csv"}, "file_name"),
        ({"file_name": "x" * 201}, "file_name"),
        ({"title": "\ud800"}, "title"),
        ({"format": "word"}, "format"),
        ({"status": "done"}, "status"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_nothing_is_kept(world, client, sent, field):
    headers = {"authorization": f"Bearer {world.token('maya')}", "content-type": "application/json"}
    answer = client.post(HERE, content=json.dumps(file() | sent).encode(), headers=headers)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    assert rows("imports") == []


def test_base64_in_lines_is_taken(world, maya):
    lines = base64.encodebytes(TABLE.encode()).decode()
    assert "\n" in lines.strip()
    assert maya.begin_import("garden", {"file_name": "days.csv", "content": lines})["rows"] == 12


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"Why?\n", b"a,a\n1,2\n"])
def test_a_file_that_cannot_be_read_says_why(world, maya, content):
    made = maya.begin_import("garden", file(content, name="odd.csv"))
    assert (made["status"], bool(made["error"])) == ("ready", True)
    with pytest.raises(HeardError) as refused:
        maya.record_import(made["id"], {"hash": made["hash"]})
    assert refused.value.message == made["error"]


def test_a_file_of_twenty_megabytes_passes_and_a_larger_one_does_not(world, client):
    key = {"authorization": f"Bearer {world.token('maya')}"}
    line = "words " * 30 + "\n"
    whole = ("Why?\n" + line * (uploads.LARGEST // len(line) - 1)).encode()
    made = client.post(HERE, json=file(whole), headers=key)
    assert (made.status_code, made.json()["status"]) == (201, "uploaded")
    assert sum(len(p["content"]) for p in rows("import_pieces")) == len(whole)
    over = client.post(HERE, json=file(b"x" * (uploads.LARGEST + 1)), headers=key)
    assert (over.status_code, list(over.json()["error"]["fields"])) == (422, ["content"])
    far = client.post(HERE, json=file(b"x" * (uploads.LARGEST + 2_000_000)), headers=key)
    assert (far.status_code, far.json()["error"]["code"]) == (413, "too_large")
    assert len(rows("imports")) == 1


def test_who_may_not_send_a_file_has_none_read(world, client):
    body = json.dumps(file(b"x" * 15_000_000)).encode()
    keys = [("", 401), ("Bearer wrong", 401), (f"Bearer {world.token('ravi')}", 403)]
    keys += [(f"Bearer {world.token('olu', community='outside')}", 404)]
    for key, status in keys:
        tracemalloc.start()
        answer = client.post(HERE, content=body, headers={"authorization": key, "content-type": "application/json"})
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (answer.status_code, most < 10_000_000) == (status, True)


def test_a_poll_that_is_not_open_and_one_of_others_take_nothing(world, call):
    closed = world.open_poll(title="Over")
    world.close(closed)
    assert call("POST", HERE, file(poll=closed.slug)) == (422, "bad_input")
    assert call("POST", HERE, file(poll="nothing"))[0] == 404
    assert rows("imports") == []


def test_imports_of_another_community_are_not_there(world, client, maya):
    made = maya.begin_import("garden", file())
    key = {"authorization": f"Bearer {world.token('olu', community='outside')}"}
    at, before = f"/api/v1/imports/{made['id']}", rows("imports")
    calls = [("GET", at, None), ("PATCH", at, {"listed": True}), ("POST", f"{at}/recording", {"hash": made["hash"]})]
    calls += [("POST", f"{at}/stopping", None), ("DELETE", at, None), ("GET", f"{at}/refusals", None)]
    calls += [("GET", HERE, None), ("POST", HERE, file()), ("GET", "/api/v1/imports/99999999999999999999", None)]
    for method, path, body in calls:
        assert client.request(method, path, json=body, headers=key).status_code == 404, path
    assert client.get("/api/v1/communities/outside/imports", headers=key).json() == {"imports": [], "next": None}
    assert rows("imports") == before


@pytest.mark.parametrize("person", ["ravi", "vic"])
def test_only_those_who_publish_see_and_bring_in(world, client, maya, person):
    made = maya.begin_import("garden", file())
    key = {"authorization": f"Bearer {world.token(person)}"}
    for method, path in (("GET", HERE), ("GET", f"/api/v1/imports/{made['id']}"), ("DELETE", f"/api/v1/imports/{made['id']}")):  # fmt: skip
        assert client.request(method, path, headers=key).status_code == 403
    assert len(rows("imports")) == 1


def test_the_list_comes_a_part_at_a_time_newest_first(world, maya):
    made = [maya.begin_import("garden", file(name=f"{n}.csv", title=f"File {n}"))["id"] for n in range(5)]
    found = list(maya.pages(maya.list_imports, "garden", limit=2))
    assert [one["id"] for one in found] == made[::-1]
    assert (found[0]["title"], found[0]["poll"], found[0]["status"]) == ("File 4", None, "ready")


@pytest.mark.both
def test_rows_that_are_not_taken_come_a_part_at_a_time(world, maya):
    head = "submission_id,field_id,field_type,value\n"
    good = "".join(f"{n},stars,rating,{n % 5 + 1}\n" for n in range(30))
    bad = "".join(f"bad{n},stars,rating,{n + 70}\n" for n in range(45))
    made = maya.begin_import("garden", file(head + good + bad))
    assert (made["rows"], made["refused"]) == (75, 45)
    told = list(maya.pages(maya.list_refusals, made["id"], limit=7))
    assert [one["line"] for one in told] == list(range(32, 52))  # of a look, the first
    maya.record_import(made["id"], {"hash": made["hash"]})
    work.run_due()
    done = maya.read_import(made["id"])
    assert (done["status"], done["taken"], done["refused"]) == ("done", 30, 45)
    told = list(maya.pages(maya.list_refusals, made["id"], limit=20))
    assert [one["line"] for one in told] == list(range(32, 77))
    assert all(one["reason"] for one in told)


@pytest.mark.both
def test_a_call_with_a_key_is_done_once(world, call):
    key = {"idempotency-key": "the-first-file"}
    first = call("POST", HERE, file(), **key)
    assert first[0] == 201
    assert call("POST", HERE, file(), **key) == first
    assert call("POST", HERE, file(name="other.csv"), **key) == (422, "idempotency_mismatch")
    assert len(rows("imports")) == 1
    at, start = f"/api/v1/imports/{first[1]['id']}/recording", {"idempotency-key": "its-start"}
    begun = call("POST", at, {"hash": first[1]["hash"]}, **start)
    work.run_due()
    assert call("POST", at, {"hash": first[1]["hash"]}, **start) == begun
    assert len(rows("responses")) == 12


def test_a_file_is_read_without_keeping_votes_from_being_written(world, maya, monkeypatch):
    poll, looked = world.open_poll(), looking.look

    def and_meanwhile(*args, **more):
        world.vote(poll, {"q1": poll.questions[0].options[0].label})
        looked(*args, **more)

    monkeypatch.setattr(looking, "look", and_meanwhile)
    made = maya.begin_import("garden", file())
    maya.change_import(made["id"], {"questions": [{"id": made["questions"][0]["id"], "wording": "Your day"}]})
    assert n_of(poll) == 2


def test_words_are_told_in_the_language_of_the_call(world, client):
    headers = {"authorization": f"Bearer {world.token('maya')}", "accept-language": "fr"}
    answer = client.post(HERE, json=file(b""), headers=headers)
    assert answer.json()["error"]["message"] == "Choisissez un fichier qui contient quelque chose."
