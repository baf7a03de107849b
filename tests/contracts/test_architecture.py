"""The house rules that a linter does not know, each with its reason."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("heard", "polls", "feedback", "insights")
HEAVY = ("sklearn", "pandas", "plotly", "torch", "dbos", "typst", "onnxruntime", "argon2")


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


def test_one_session_in_a_request():
    """No page or API module opens sessions of its own, but where the reason is written beside it."""
    opens = re.compile(r"^(?!.*#).*\b(?:writing|reading)\(\)", re.M)
    edges = [f for f in modules() if re.search(r"(?:pages|api)\.py$", f.name)]
    assert [str(f.relative_to(ROOT)) for f in edges if opens.search(f.read_text())] == []
