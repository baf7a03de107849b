"""The OpenAPI document: valid, complete, and true. Its examples were recorded from real calls (tests/record_examples.py)."""

import keyword
import re
from collections import Counter

import jsonschema_rs
import pytest

from heard import api_document
from heard.kit.db import writing
from tests.contracts import full_house
from tests.contracts.every_call import Calls, operations, placeholders
from tests.contracts.test_permissions import ROWS

OPEN = (*api_document.OPEN, *api_document.WITHOUT)


@pytest.fixture(scope="module")
def document():
    from heard.app import app

    return app.openapi()


def check(document, schema, value):
    """Whether the value is what the schema says, with the document's own parts."""
    whole = {**schema, "components": document["components"]}
    return [f"{error.instance_path}: {error.message}" for error in jsonschema_rs.iter_errors(whole, value)]


def test_the_document_is_openapi_and_every_reference_leads_somewhere(document):
    import json

    import schemathesis

    assert document["openapi"].startswith("3.1")
    assert len(list(schemathesis.openapi.from_dict(document).get_all_operations())) == len(list(operations()))
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        place = document
        for step in reference.split("/"):
            place = place[step]
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate({**schema, "components": document["components"]})
        assert re.fullmatch(r"[A-Z]\w+", name)


def test_every_operation_has_its_words_and_a_name_that_python_can_say():
    names = Counter(name for name, *_rest in operations())
    assert [n for n, times in names.items() if times > 1 or not n.isidentifier() or keyword.iskeyword(n)] == []
    wrong = []
    for name, _method, _path, operation in operations():
        words = (operation["summary"], operation["description"], *operation["tags"])
        if not all(words) or len(operation["summary"]) > 120 or operation["tags"][0] not in api_document.TAGS:
            wrong.append(name)
    assert wrong == []


def test_every_operation_tells_its_errors_in_the_one_shape_and_whether_it_needs_a_token():
    for name, method, _path, operation in operations():
        answers = operation["responses"]
        assert {"404", "422", "429", "500", "503"} <= answers.keys(), name
        assert all(v == {"$ref": f"#/components/responses/E{s}"} for s, v in answers.items() if s >= "400"), name
        assert (name in OPEN) == ({} in operation["security"]), name
        keyed = any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
        assert keyed == (method != "GET" and name not in OPEN), name


def test_every_operation_has_an_example_of_its_request_and_its_answer_that_are_what_it_says(document):
    wrong = []
    for name, _method, _path, operation in operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body and body.get("example") is not None:
            wrong += [f"{name} request {fault}" for fault in check(document, body["schema"], body["example"])]
        elif body and operation["requestBody"].get("required"):
            wrong.append(f"{name} has no example of what is sent")
        done = next(told for status, told in operation["responses"].items() if status < "300")
        if "204" not in operation["responses"]:
            shown = next(iter(done["content"].values()), None)
            if shown is None or "example" not in shown:
                wrong.append(f"{name} has no example of its answer")
            else:
                wrong += [
                    f"{name} answer {fault}" for fault in check(document, shown.get("schema", {}), shown["example"])
                ]
        missing = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path" and "example" not in p]
        wrong += [f"{name}: {missing}"] if missing else []
    assert wrong == []


def test_lists_have_one_shape(document):
    lists = [
        (n, o) for n, m, _p, o in operations() if m == "GET" and (n.startswith("list_") or n in ("themes", "read_log"))
    ]
    assert len(lists) > 20
    for name, operation in lists:
        told = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
        assert {"cursor", "limit"} <= told.keys(), name
        assert (told["limit"]["schema"]["minimum"], told["limit"]["schema"]["maximum"]) == (1, 200), name
        reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        shape = document["components"]["schemas"][reference.rpartition("/")[2]]
        rows = [n for n, t in shape["properties"].items() if t.get("type") == "array"]
        assert (len(rows), shape["properties"]["next"]["anyOf"]) == (1, [{"type": "string"}, {"type": "null"}]), name


def test_the_examples_are_of_the_operations_that_there_are():
    assert sorted(api_document.examples()) == sorted(name for name, *_rest in operations()), (
        "python -m tests.record_examples"
    )


@pytest.mark.both(long=True)
def test_every_call_is_done_and_answers_as_the_document_says(world, client, document):
    """The whole API once, in a full house, on both databases."""
    house, key = full_house.build(world), world.token("ines")
    shapes = {name: operation["responses"] for name, _method, _path, operation in operations()}
    wrong = []

    def ask(operation, method, path, body, parameters):
        address, query = placeholders(path, parameters)
        headers = {"authorization": f"Bearer {key}"}
        answer = client.request(method, f"/api/v1{address}", json=body, params=query, headers=headers)
        assert answer.status_code < 300, f"{operation}: {answer.status_code} {answer.text[:500]}"
        told = shapes[operation][str(answer.status_code)].get("content", {})
        if answer.headers.get("content-type") == "application/json" and answer.content and told:
            wrong.extend(
                f"{operation}: {f}" for f in check(document, told["application/json"]["schema"], answer.json())
            )
            return answer.json()
        return answer.text

    called = Calls(house, ask).all()
    assert wrong == []
    assert set(called) == shapes.keys()


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("GET", "/api", {}, 404, "not_found"),
        ("GET", "/api/", {}, 404, "not_found"),
        ("GET", "/api/v1/nothing", {}, 404, "not_found"),
        ("GET", "/api/v2/communities/garden/polls", {}, 404, "not_found"),
        ("PUT", "/api/v1/communities/garden/polls", {}, 405, "wrong_method"),
        ("GET", "/api/v1/communities/garden/polls", {}, 401, "not_signed_in"),
        ("POST", "/api/v1/communities/garden/polls", {"content": b"x" * 1_100_000}, 413, "too_large"),
        ("POST", "/api/v1/communities/garden/polls", {"data": {"title": "x"}}, 415, "not_json"),
        ("POST", "/api/v1/communities/garden/polls", {"content": b"{}"}, 415, "not_json"),
        ("POST", "/api/v1/communities/garden/polls", {"json": []}, 422, "bad_input"),
        ("POST", "/api/v1/communities/garden/polls", {"json": {"title": "a\0", "questions": []}}, 422, "bad_input"),
        ("POST", "/api/v1/communities/garden/polls", {"content": b'{"title": "\\ud800"}', "kind": "application/json"}, 422, "bad_input"),
        ("POST", "/api/v1/communities/garden/polls", {"content": b"{", "kind": "application/json"}, 422, "bad_input"),
        ("POST", "/api/v1/communities/garden/polls", {"content": b"\xff", "kind": "application/json"}, 422, "bad_input"),
        ("GET", "/api/v1/communities/garden/polls?limit=0", {}, 422, "bad_input"),
        ("GET", "/api/v1/communities/garden/polls?limit=201", {}, 422, "bad_input"),
        ("GET", "/api/v1/communities/garden/polls?cursor=x", {}, 422, "bad_input"),
        ("GET", "/api/v1/communities/garden/polls?cursor=WzEsIngiXQ", {}, 422, "bad_input"),
        ("GET", "/api/v1/lists/99999999999999999999", {}, 404, "not_found"),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_told_in_the_one_shape(world, client, document, method, path, more, status, code):
    kind = more.pop("kind", None) if (more := dict(more)) else None
    headers = {"content-type": kind} if kind else {}
    if status not in (401, 413):
        headers["authorization"] = f"Bearer {world.token('ines')}"
    answer = client.request(method, path, headers=headers, **more)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert check(document, {"$ref": "#/components/schemas/Error"}, answer.json()) == []
    assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_has_a_number_to_quote_and_says_nothing_else(world, client, monkeypatch):
    from heard.accounts import people

    monkeypatch.setattr(people, "people_of", lambda *_: 1 / 0)
    headers = {"authorization": f"Bearer {world.token('ines')}"}
    answer = client.get("/api/v1/communities/garden/people", headers=headers)
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (500, "fault")
    assert answer.headers["x-request-id"] in told["hint"]
    assert "division" not in answer.text


def test_a_database_that_is_away_asks_to_come_back(world, client, monkeypatch):
    from heard.kit import db

    token = world.token("ines")
    monkeypatch.setattr(db, "BUSY_SECONDS", 0)
    db.engines.cache_clear()
    with writing() as session:
        session.execute(db.SQLModel.metadata.tables["visit_counts"].delete())  # the lock is ours
        answer = client.post(
            "/api/v1/communities/garden/lists", json={"name": "x"}, headers={"authorization": f"Bearer {token}"}
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


# What a page's POST is in the API; or why there is none.
SAME = {
    "POST /m/{community}/announcements/new": "create_announcement",
    "POST /m/{community}/announcements/{slug}/text": "edit_announcement",
    "POST /m/{community}/announcements/{slug}/end": "end_announcement",
    "POST /m/{community}/announcements/{slug}/links": "create_announcement_links",
    "POST /m/{community}/announcements/{slug}/sharing": "create_announcement_links",
    "POST /m/{community}/announcements/{slug}/participants/{participant_id}/removal": "remove_participant",
    "POST /m/{community}/announcements/{slug}/versions": "create_version",
    "POST /m/{community}/announcements/{slug}/versions/{number}": "edit_version",
    "POST /m/{community}/announcements/{slug}/versions/{number}/asking": "ask_check_in",
    "POST /m/{community}/announcements/{slug}/versions/{number}/check-in": "create_check_in",
    "POST /m/{community}/announcements/{slug}/versions/{number}/links": "create_version_links",
    "POST /m/{community}/announcements/{slug}/versions/{number}/sharing": "create_version_links",
    "POST /m/{community}/actions/{action_id}/links": "create_action_links",
    "POST /m/{community}/actions/{action_id}/sharing": "create_action_links",
    "POST /m/{community}/actions/{action_id}/withdrawal": "withdraw_action",
    "POST /m/{community}/themes/{theme_id}": "rename_theme",
    "POST /m/{community}/themes/{theme_id}/actions": "publish_action",
    "POST /m/{community}/themes/{theme_id}/edits": "edit_theme",
    "POST /m/{community}/polls/{slug}/themes/edits/{edit_id}/undoing": "undo_theme_edit",
    "POST /m/{community}/polls/{slug}/themes/alone": "edit_comments",
    "POST /m/{community}/polls/{slug}/themes/answers": "edit_comments",
    "POST /m/{community}/comments/{comment_id}": "edit_comments",
    "POST /m/{community}/briefs": "write_brief",
    "POST /m/{community}/readers": "set_reader",
    "POST /m/{community}/readers/{audience}/{contact_id}": "set_reader",
    "POST /m/{community}/readers/{audience}/{contact_id}/removal": "remove_reader",
    "POST /m/{community}/turns/sending": "send_turns",
    "POST /m/{community}/turns/leaving": "leave_turns",
    "POST /m/{community}/briefs/{brief_id}/deliveries": "send_brief",
    "POST /m/{community}/briefs/{brief_id}/sentences/{position}": "edit_sentence",
    "POST /m/{community}/briefs/{brief_id}/quotes": "choose_quotes",
    "POST /m/{community}/briefs/{brief_id}/approval": "approve_brief",
    "POST /m/{community}/briefs/{brief_id}/poll": "create_poll",
    "POST /m/{community}/decisions/{decision_id}/poll": "ask_on",
    "POST /m/{community}/decisions/{decision_id}/action": "act_on_decision",
    "POST /m/{community}/contacts": "create_list",
    "POST /m/{community}/contacts/{list_id}/people": "add_contact",
    "POST /m/{community}/contacts/{list_id}/people/{contact_id}/removal": "remove_contact",
    "POST /m/{community}/contacts/{list_id}/people/upload": "upload_contacts",
    "POST /m/{community}/contacts/{list_id}/upload": "plan_upload",
    "POST /m/{community}/contacts/people/{contact_id}/erasure": "erase_contact",
    "POST /m/{community}/people": "add_person",
    "POST /m/{community}/people/{account_id}/role": "change_role",
    "POST /m/{community}/people/{account_id}/removal": "remove_person",
    "POST /m/{community}/settings": "edit_community",
    "POST /m/{community}/polls/new": "create_poll",
    "POST /m/{community}/polls/files": "take_file",
    "POST /m/{community}/polls/{slug}": "edit_poll",
    "POST /m/{community}/polls/{slug}/archiving": "put_away",
    "POST /m/{community}/polls/{slug}/closing": "close_poll",
    "POST /m/{community}/polls/{slug}/copies": "make_copy",
    "POST /m/{community}/polls/{slug}/corrections": "correct_poll",
    "POST /m/{community}/polls/{slug}/editions": "make_edition",
    "POST /m/{community}/polls/{slug}/framing": "choose_framing",
    "POST /m/{community}/polls/{slug}/invitations": "create_invitations",
    "POST /m/{community}/polls/{slug}/links": "create_poll_links",
    "POST /m/{community}/polls/{slug}/mailings": "send_mailing",
    "POST /m/{community}/polls/{slug}/mailings/check": "plan_mailing",
    "POST /m/{community}/polls/{slug}/mailings/test": "try_mailing",
    "POST /m/{community}/polls/{slug}/mailings/{mailing_id}/resumption": "resume_mailing",
    "POST /m/{community}/polls/{slug}/mailings/{mailing_id}/stopping": "stop_mailing",
    "POST /m/{community}/polls/{slug}/opening": "open_poll",
    "POST /m/{community}/polls/{slug}/reopening": "reopen_poll",
    "POST /m/{community}/polls/{slug}/restoring": "bring_back",
    "POST /m/{community}/polls/{slug}/schedule": "reschedule_poll",
    "POST /m/{community}/polls/{slug}/sharing": "create_poll_links",
    "POST /m/{community}/polls/{slug}/statements/{statement_id}/acceptance": "accept_statement",
    "POST /m/{community}/polls/{slug}/statements/{statement_id}/rejection": "reject_statement",
    "POST /m/{community}/polls/{slug}/options/{option_id}/moderation": "moderate_statement",
    "POST /m/{community}/polls/{slug}/options/{option_id}/readmission": "readmit_statement",
    "POST /m/{community}/polls/{slug}/themes/runs": "run_themes",
    "POST /m/{community}/polls/{slug}/themes/runs/stop": "stop_run",
    "POST /m/{community}/polls/{slug}/themes/refit": "refit_themes",
    "POST /m/{community}/polls/{slug}/translations/{locale}": "translate_poll",
    "POST /m/{community}/polls/{slug}/translations/{locale}/removal": "remove_translation",
    "POST /m/{community}/polls/{slug}/integrity/decisions": "decide",
    "POST /m/{community}/polls/{slug}/integrity/limit": "set_limit",
    "POST /m/{community}/polls/imports": "begin_import",
    "POST /m/{community}/polls/imports/{import_id}": "change_import",
    "POST /m/{community}/polls/imports/{import_id}/removal": "remove_import",
    "POST /m/{community}/polls/imports/{import_id}/stopping": "stop_import",
    "POST /m/{community}/webhooks/new": "make_webhook",
    "POST /m/{community}/webhooks/{webhook_id}/settings": "change_webhook",
    "POST /m/{community}/webhooks/{webhook_id}/secret": "replace_secret",
    "POST /m/{community}/webhooks/{webhook_id}/pause": "pause_webhook",
    "POST /m/{community}/webhooks/{webhook_id}/resumption": "resume_webhook",
    "POST /m/{community}/webhooks/{webhook_id}/tests": "send_test",
    "POST /m/{community}/webhooks/{webhook_id}/removal": "delete_webhook",
    "POST /m/{community}/webhooks/{webhook_id}/deliveries/{delivery_id}/tries": "send_again",
}
PAGES_ONLY = {
    "POST /m/{community}/briefs/{brief_id}/rewording": "a person decides, for each draft, what goes to a language model",
    "POST /m/{community}/briefs/{brief_id}/rewording/undoing": "with the page that asks for it; edit_sentence undoes one",
    "POST /m/{community}/sending": "after a restore a person looks at what waits before anything goes out again",
    "POST /m/{community}/sending/pause": "with the page that ends it",
    "POST /m/{community}/polls/new/preview": "shows what is typed beside the editor; nothing is stored",
    "POST /m/{community}/polls/{slug}/preview": "shows what is typed beside the editor; nothing is stored",
    "POST /m/{community}/tokens": "a token makes no tokens: a stolen one could not be ended",
    "POST /m/{community}/tokens/{token_id}/revocation": "with the pages that make them",
    "POST /m/{community}/mail/checks": "asks the DNS for a person who sets a server up",
    "POST /m/{community}/mail/tests": "asks the DNS for a person who sets a server up",
    "POST /m/{community}/settings/members": "makes the key that signs members in; it is shown to a person, once",
    "POST /m/{community}/polls/imports/{import_id}/file": "a program removes the import and begins another",
}


def test_whatever_the_pages_can_do_a_program_can_too():
    posts = [r for r in full_house.routes() if r.startswith("POST /m/")]
    assert sorted(posts) == sorted([*SAME, *PAGES_ONLY])
    assert set(SAME.values()) <= {name for name, *_rest in operations()}


def test_a_page_and_its_call_need_the_same_right():
    rights = {
        name: ROWS[f"{method} /api/v1{path}"]
        for name, method, path, _o in operations()
        if f"{method} /api/v1{path}" in ROWS
    }
    assert [f"{page}: {call}" for page, call in SAME.items() if ROWS[page] != rights[call]] == []


def _made_up(client, operation, examples, headers, faults):
    from hypothesis import HealthCheck, Phase, given, settings

    taken = ("headers", "params", "json", "content")

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case):
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000", headers=headers)
        more = {name: sent[name] for name in taken if sent.get(name) is not None}
        answer = client.request(sent["method"], sent["url"], **more)
        if answer.status_code >= 500:
            faults.append(f"{operation.label}: {answer.status_code} {case.body!r:.200} {case.query!r:.100}")

    ask()


def fuzz(world, client, examples):
    """Requests made up from the document: none is a fault of ours, and each answer is what the document says."""
    import schemathesis

    from heard.app import app

    full_house.build(world)
    schema = schemathesis.openapi.from_dict(app.openapi())
    headers, faults = {"authorization": f"Bearer {world.token('ines')}"}, []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] not in ("remove_person", "change_role"):  # they would end the token
            _made_up(client, operation, examples, headers, faults)
    return faults


def test_made_up_requests_are_no_fault_of_ours(world, client):
    assert fuzz(world, client, 4) == []


@pytest.mark.long
@pytest.mark.both
def test_many_made_up_requests_are_no_fault_of_ours(world, client):
    assert fuzz(world, client, 60) == []
