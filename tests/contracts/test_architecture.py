"""The house rules that a linter does not know, each with its reason."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("heard", "polls", "feedback", "insights")
HEAVY = (
    "sklearn", "pandas", "plotly", "torch", "dbos", "typst", "onnxruntime", "argon2", "numpy", "alembic", "babel", "css_inline",
    "structlog", "rich", "yaml", "xml.etree", "jinja2", "typer", "pydantic_settings", "polls.preview.advice_words",
)  # fmt: skip
# What the front does not need: voters are answered before these are there.
LATER = (
    "heard.app",
    "insights",
    "polls.pages",
    "heard.accounts.pages",
    "feedback.answer.public_pages",
    "feedback.cards.pages",
)


def modules() -> list[Path]:
    """Every module of ours."""
    return [f for package in PACKAGES for f in (ROOT / package).rglob("*.py") if "versions" not in f.parts]


def templates() -> list[Path]:
    """Every template."""
    return [f for f in (ROOT / "templates").rglob("*") if f.suffix in (".html", ".txt", ".xml")]


def test_package_files_are_empty():
    """What a package holds is told by its files' names, not by code that runs on import."""
    assert [f for f in modules() if f.name == "__init__.py" and f.read_text().strip()] == []


def test_modules_stay_small():
    """A module reads like a page; past 400 lines it is two. The client is written by a program, and one file so that people
    can take it along."""
    long = [f"{f.relative_to(ROOT)}: {n}" for f in modules() if (n := len(f.read_text().splitlines())) > 400]
    assert [one for one in long if not one.startswith("heard/client.py")] == []


def test_the_clock_is_asked_in_one_place():
    """Tests can stop the clock only where there is one."""
    asks = re.compile(r"datetime\.(?:now|utcnow|today)\(|date\.today\(")
    assert [f.relative_to(ROOT) for f in modules() if f.name != "clock.py" and asks.search(f.read_text())] == []


def test_domain_code_does_not_commit():
    """The edge commits before the answer is sent; intake is the one exception."""
    may = {"heard/kit/db.py", "feedback/collect/intake.py"}
    commits = [str(f.relative_to(ROOT)) for f in modules() if re.search(r"\.commit\(\)", f.read_text())]
    assert [f for f in commits if f not in may] == []


def test_templates_never_trust_text():
    """No |safe, no autoescape off, no style attribute or inline handler (the policy refuses them), no unquoted attribute."""
    bad = re.compile(r"\|\s*safe\b|autoescape\s+false|<[^>{}]*\s(?:style|on\w+)\s*=|<[^>]*\s[\w-]+=\{\{", re.I)
    found = [f"{f.relative_to(ROOT)}: {m[0][:80]}" for f in templates() for m in bad.finditer(f.read_text())]
    assert [x for x in found if "mail/" not in x.split(":")[0]] == []


def test_templates_of_mail_escape_too():
    """Mail needs style attributes; the rest of the rule holds."""
    bad = re.compile(r"\|\s*safe\b|autoescape\s+false", re.I)
    assert [f.relative_to(ROOT) for f in templates() if bad.search(f.read_text())] == []


def test_the_web_application_loads_nothing_heavy():
    """A web worker stays small: clustering, charts, the work engine load where they are used."""
    code = f"import heard.app, sys; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-500:]


def test_the_front_answers_voters_without_the_managers_rooms():
    """From the start to the first vote should pass little time: the rest is loaded behind it."""
    code = f"import heard.front, sys; print(*[m for m in {(*HEAVY, *LATER)!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-500:]


def test_one_database_brings_one_dialect():
    """SQLAlchemy loads every dialect that a table names; the other one takes 25 ms and 2 MiB."""
    code = "import heard.app, sys; print('sqlalchemy.dialects.postgresql' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr[-500:]


def test_the_help_loads_next_to_nothing():
    """`heard --help` is Python, argparse and our words."""
    heavy = ("typer", "click", "inspect", "pydantic", "sqlalchemy", "fastapi", "asyncio", "heard.kit.settings")
    code = f"import heard.cli, sys; heard.cli.app.parser().format_help(); print(*[m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-500:]


def test_every_address_leads_to_its_own_route():
    """The routes stand in one list, voters' first, and the first that fits is taken: none may hide another one. Nor may one of
    the front fit an address of the house with another method: until the house is loaded it would answer 405."""
    import re

    from starlette.routing import Match

    import heard.front
    from heard.app import ROUTERS, app

    sample = {"position": "2", "number": "3", "form": "csv", "ending": "txt"}
    front = {id(route) for router in heard.front.ROUTERS for route in heard.front._routes_of(router)}
    assert len(front) > 10
    assert len(ROUTERS) > 20
    for route in app.routes:
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: sample.get(m[1], f"some-{m[1]}"), route.path)
        for method in route.methods - {"HEAD"}:
            scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
            fits = [(other, other.matches(scope)[0]) for other in app.routes]
            first = next(other for other, match in fits if match is Match.FULL)
            assert first.path == route.path, f"{method} {route.path} is hidden by {first.path}"
            if id(route) not in front:
                shadows = [other.path for other, match in fits if match is not Match.NONE and id(other) in front]
                assert shadows == [], f"{method} {route.path}"


def test_one_session_in_a_request():
    """No page or API module opens sessions of its own, but where the reason is written beside it."""
    opens = re.compile(r"^(?!.*#).*\b(?:writing|reading)\(\)", re.M)
    edges = [f for f in modules() if re.search(r"(?:pages|api)\.py$", f.name)]
    assert [str(f.relative_to(ROOT)) for f in edges if opens.search(f.read_text())] == []
