"""The OpenAPI document: what FastAPI reads off the routes, and what it cannot know: the one shape of errors, which calls need
a token, idempotency keys, and an example of each call (api_examples.json, recorded by tests/record_examples.py)."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from heard.kit.settings import settings

DESCRIPTION = """Polls ask, feedback listens, insights tell.

Send `Authorization: Bearer TOKEN` (page “API tokens”, or `heard token create`). Lists come in parts: `?cursor=&limit=`, and
`next` in the answer. A write with an `Idempotency-Key` is done once, however often it is sent within 24 hours. Errors have
one shape; `code` never changes."""
TAGS = {
    "polls": "Asking: drafts, their life from opening to archive, editions, translations, frames, personal links.",
    "responses": "Answering: ballots, receipts, results, statements that members add.",
    "themes": "What people wrote in their own words, and what is done about it.",
    "briefs": "What it comes to, in words, for those who decide.",
    "announcements": "News and trials, with their versions, check-ins and participants.",
    "links": "Tracked links, and the texts for each place.",
    "mailings": "Invitations and reminders by mail.",
    "contacts": "Lists of people who agreed to be written to.",
    "imports": "Answers that were given elsewhere: a file, what it holds, what became of it.",
    "integrity": "What is counted, what is set aside, and who decided it.",
    "webhooks": "Other programs that are told of events.",
    "communities": "Settings, people and their roles, the log.",
}
OPEN = ("respond", "results")  # a token is needed by some polls only
TOO_FEW = ("list_responses", "take_along", "crossing")  # 409 for an anonymous poll that few have answered
WITHOUT = ("read_ballot", "change_ballot", "withdraw_ballot")  # the receipt is the key
ERRORS = {
    401: ("not_signed_in", "No token, or one that was revoked or has ended."),
    403: ("forbidden", "The role or the token does not allow it."),
    404: ("not_found", "Not there, or not for you; it never says which."),
    409: ("edition_frozen", "It is not possible as things stand; the code says why."),
    413: ("too_large", "The body is larger than this address takes."),
    415: ("not_json", "The body is no JSON."),
    422: ("bad_input", "The request cannot be understood; `fields` says where."),
    429: ("too_many", "Too many tries in a short time."),
    500: ("fault", "Our fault; the hint holds a number to quote."),
    503: ("unavailable", "The database is busy or away; nothing was stored."),
}
_SENTENCE = re.compile(r"(.+?[.:;])(?:\s|$)", re.S)


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` the whole document. It is made once, when somebody asks for it."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def name_of(route: APIRoute) -> str:
    """The operationId: a name that a Python function can have."""
    return route.name


def _document(app: FastAPI) -> dict[str, Any]:
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.unique_id = name_of(route)
    made = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        servers=[{"url": settings().base_url}],
    )  # fmt: skip
    parts = made["components"]
    for gone in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(gone, None)
    parts["schemas"] |= _error_schemas()
    parts["responses"] = {f"E{status}": _error(status, *said) for status, said in ERRORS.items()}
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "A token of the API."}}
    _hoist(made)
    for address, methods in made["paths"].items():
        for method, operation in methods.items():
            _complete(address, method, operation)
    return made


def _hoist(made: dict[str, Any]) -> None:
    """A body that a route describes by itself (a ballot's) brings its parts along; they stand with the others."""
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for methods in made["paths"].values() for operation in methods.values() if "requestBody" in operation
    ]  # fmt: skip
    for body in bodies:
        if parts := body["schema"].pop("$defs", None):
            name, whole = body["schema"]["title"], {**parts, body["schema"]["title"]: body["schema"]}
            moved = json.loads(json.dumps(whole).replace("#/$defs/", "#/components/schemas/"))
            made["components"]["schemas"] |= moved
            body["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _complete(address: str, method: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    words = " ".join(operation["description"].split())
    operation["summary"] = (_SENTENCE.match(words) or [words])[0].strip().rstrip(".:;")
    writes, keyed = method != "get", name not in (*OPEN, *WITHOUT)
    operation["security"] = [{"token": []}] if keyed else [{}, {"token": []}] if name in OPEN else [{}]
    statuses = [404, 422, 429, 500, 503]
    statuses += [401, 403] if name not in WITHOUT else []
    statuses += [409] if writes or name in (*OPEN, *TOO_FEW) else []
    statuses += [413, 415] if "requestBody" in operation else []
    answers = {status: told for status, told in operation["responses"].items() if status != "422"}
    answers |= {str(status): {"$ref": f"#/components/responses/E{status}"} for status in sorted(statuses)}
    operation["responses"] = answers
    if writes and keyed:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY)
    _exemplify(name, operation)


def _exemplify(name: str, operation: dict[str, Any]) -> None:
    example = examples().get(name)
    if example is None:
        return
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    if "requestBody" in operation:
        operation["requestBody"]["content"]["application/json"]["example"] = example["request"]
    for content in operation["responses"][str(example["status"])].get("content", {}).values():
        content["example"] = example["answer"]


@cache
def examples() -> dict[str, Any]:
    """By operationId: {parameters, request, status, answer}."""
    return json.loads(files("heard").joinpath("api_examples.json").read_text("utf-8"))


def _error_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    told = {
        "code": text | {"description": "Never changes."}, "message": text | {"description": "What happened."},
        "hint": text | {"description": "What to do."}, "link": text,
        "fields": {"type": "object", "additionalProperties": text, "description": "Which part of the request is meant."},
    }  # fmt: skip
    one = {"type": "object", "properties": told, "required": list(told), "title": "ErrorTold"}
    whole = {"type": "object", "properties": {"error": {"$ref": "#/components/schemas/ErrorTold"}}}
    return {"ErrorTold": one, "Error": whole | {"required": ["error"], "title": "Error"}}


def _error(status: int, code: str, words: str) -> dict[str, Any]:
    example = {"error": {"code": code, "message": words, "hint": "", "link": "", "fields": {}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}}
    later = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return {"description": words, "content": content} | ({"headers": later} if status in (429, 503) else {})


_IDEMPOTENCY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "The same key with the same call: the first answer again. With another call: 422 idempotency_mismatch.",
}  # fmt: skip
