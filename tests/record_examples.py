"""`python -m tests.record_examples`: calls the whole API in an invented garden and keeps a call and its answer for each
operation in heard/api_examples.json, the examples of the OpenAPI document."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

TO = Path(__file__).resolve().parents[1] / "heard" / "api_examples.json"
MOST_ROWS, LONGEST = 2, 300


def record() -> dict[str, Any]:
    """By operation: {parameters, request, status, answer}. The first call of an operation stays.

    Modules of ours are imported here, when the settings point to a folder that is thrown away.
    """
    from heard.migrations.run import migrate
    from tests.browser_client import Client
    from tests.contracts import full_house
    from tests.contracts.every_call import Calls, placeholders
    from tests.world import World

    migrate()
    world, found = World(), {}
    with Client() as client:
        house, key = full_house.build(world), world.token("ines")

        def ask(operation: str, method: str, path: str, body: Any, parameters: dict[str, Any]) -> Any:
            address, query = placeholders(path, parameters)
            headers = {"authorization": f"Bearer {key}"}
            answer = client.request(method, f"/api/v1{address}", json=body, params=query, headers=headers)
            assert answer.status_code < 300, f"{operation}: {answer.status_code} {answer.text[:500]}"
            told = (
                answer.json()
                if answer.headers.get("content-type") == "application/json" and answer.content
                else answer.text
            )
            example = {"parameters": parameters, "request": body, "status": answer.status_code, "answer": short(told)}
            found.setdefault(operation, example)
            return told

        Calls(house, ask).all()
    return found


def stop() -> None:
    """What lives in this process would keep it alive."""
    from feedback.collect import intake
    from tests.browser_client import the_loop

    intake.stop()
    the_loop.close()


def short(value: Any) -> Any:
    """The same with long lists and long texts cut: an example is read."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    if isinstance(value, list):
        return [short(part) for part in value[:MOST_ROWS]]
    return value[:LONGEST] if isinstance(value, str) else value


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "HEARD_DATABASE_URL": f"sqlite:///{folder}/heard.db", "HEARD_DATA": folder, "HEARD_SECRET": "example" * 8,
            "HEARD_BASE_URL": "http://127.0.0.1:8000",
        }  # fmt: skip
        try:
            made = record()
        finally:
            stop()
    TO.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"{len(made)} operations: {TO}")
