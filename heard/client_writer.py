"""`python -m heard.client_writer`: writes heard/client.py out of the OpenAPI document. A test compares the two.

The client stands alone: one file that somebody copies into a program of theirs, with HTTPX and nothing of ours.
"""

import json
import re
import textwrap
from pathlib import Path
from typing import Any

TO = Path(__file__).with_name("client.py")
FRAME = Path(__file__).with_name("client_frame.txt")  # what is written by hand: the calling
WIDTH = 118
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}


def written(document: dict[str, Any]) -> str:
    """The module: the frame, a TypedDict for each thing that is sent or answered, a method for each operation."""
    frame = FRAME.read_text("utf-8")
    schemas = {n: s for n, s in document["components"]["schemas"].items() if n not in ("Error", "ErrorTold")}
    shapes = "\n".join(_shape(name, schemas[name]) for name in _in_order(schemas))
    methods = "\n".join(
        _method(address, method, operation)
        for address, of_it in document["paths"].items()
        for method, operation in of_it.items()
    )
    return frame.replace("# (shapes)\n", shapes + "\n").replace("    # (operations)\n", methods)


def _in_order(schemas: dict[str, Any]) -> list[str]:
    """What a shape is made of comes before it."""
    found: list[str] = []

    def add(name: str) -> None:
        if name not in found:
            for part in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schemas[name])):
                add(part)
            found.append(name)

    for name in sorted(schemas):
        add(name)
    return found


def _shape(name: str, schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"{name} = {_type(schema)}"
    # an answer has all its fields, unless it may leave them out; of what is sent, those without a default must be there
    needed = set(schema.get("required", ()))
    fields = [
        f'"{field}": {_type(told) if field in needed else f"NotRequired[{_type(told)}]"},'
        for field, told in schema["properties"].items()
    ]
    head, tail = f'{name} = TypedDict("{name}", {{', "})"
    one = f"{head}{' '.join(fields).rstrip(',')}{tail}"
    if len(one) <= WIDTH:
        return one
    lines = textwrap.wrap(
        "\x1f".join(f.replace(" ", "\x1e") for f in fields).replace("\x1f", " "), WIDTH - 4, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join([head, *(f"    {line}".replace("\x1e", " ") for line in lines), tail])


def _type(told: dict[str, Any]) -> str:
    """A schema as a Python type."""
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    if "const" in told or "enum" in told:
        values = [told["const"]] if "const" in told else told["enum"]
        return f"Literal[{', '.join(json.dumps(v) for v in values)}]"
    if "anyOf" in told:
        return " | ".join(dict.fromkeys(_type(one) for one in told["anyOf"]))
    if told.get("type") == "array":
        return f"list[{_type(told['items'])}]"
    if told.get("type") == "object" and isinstance(told.get("additionalProperties"), dict):
        return f"dict[str, {_type(told['additionalProperties'])}]"
    return _PLAIN.get(told.get("type", ""), "Any")


def _method(address: str, method: str, operation: dict[str, Any]) -> str:
    name, told = operation["operationId"], operation.get("parameters", [])
    inside = {p["name"]: p for p in told if p["in"] == "path"}
    query = {p["name"]: p for p in told if p["in"] == "query"}
    takes = [f"{n}: {_type(p['schema'])}" for n, p in inside.items()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        optional = not operation["requestBody"].get("required") or "null" in json.dumps(body)
        takes.append(f"body: {_type(body)}" + (" = None" if optional and "None" in _type(body) else ""))
    if query:
        takes += ["*", *(_with_default(n, p) for n, p in query.items())]
    given = [f'"{method.upper()}"', f'"{re.sub(r"{[^{}]*}", "{}", address.removeprefix("/api/v1"))}"', *inside]
    given += ["body=body"] if body else []
    given += [f"{n}={n}" for n in query]
    head = f"    def {name}(self, {', '.join(takes)}) -> {_answer(operation)}:".replace("self, )", "self)")
    call = f"        return self.call({', '.join(given)})"
    return f'{head}\n        """{operation["summary"]}."""\n{call}\n'


def _with_default(name: str, parameter: dict[str, Any]) -> str:
    kind = _type(parameter["schema"])
    if parameter.get("required"):
        return f"{name}: {kind}"
    return f"{name}: {kind} | None = None"


def _answer(operation: dict[str, Any]) -> str:
    for status, told in operation["responses"].items():
        if status.startswith("2"):
            content = told.get("content", {})
            schema = content.get("application/json", {}).get("schema")
            text = all(kind.startswith("text/") or "json" in kind or "yaml" in kind for kind in content)
            return _type(schema) if schema else "None" if not content else "str" if text else "str | bytes"
    return "Any"


def main() -> None:
    """Write it."""
    from heard.app import app

    TO.write_text(written(app.openapi()), "utf-8")
    print(TO)


if __name__ == "__main__":
    main()
