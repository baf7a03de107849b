"""The documents say everything: each refusal's code, each setting, each address of the API, each command, each link."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from heard.kit.errors import Refused
from heard.kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PACKAGES = ("heard", "polls", "feedback", "insights")


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def refusals() -> set[type[Refused]]:
    """Refused and everything below it, wherever it is defined."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if "migrations.versions" not in module.name and not module.name.endswith("migrations.env"):
                importlib.import_module(module.name)
    found, waiting = set(), [Refused]
    while waiting:
        found.add(kind := waiting.pop())
        waiting += kind.__subclasses__()
    return {kind for kind in found if kind.__module__.split(".")[0] in PACKAGES}


def test_every_error_code_is_in_the_api_document_with_its_status():
    text = text_of("api.md")
    expected = {f"| `{kind.code}` | {kind.status} |" for kind in refusals()}
    assert sorted(row for row in expected if row not in text) == []


def test_the_api_document_lists_no_error_code_that_is_gone():
    listed = set(re.findall(r"^\| `(\w+)` \| \d{3} \|", text_of("api.md"), re.M))
    assert listed == {kind.code for kind in refusals()}


def test_every_setting_is_in_the_install_document_and_no_other():
    listed = set(re.findall(r"^\| `(HEARD_\w+)` \|", text_of("install.md"), re.M))
    assert listed == {f"HEARD_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_is_in_the_readme():
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`HEARD_{name.upper()}`" not in text] == []


def test_every_address_of_the_api_is_in_its_document():
    from heard.app import app

    text = text_of("api.md")
    addresses = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/api/v1")
        for method in methods
    }
    plain = re.sub(r"\{\w+\}", "{}", text)
    assert addresses
    assert sorted(a for a in addresses if f"`{re.sub(r'{[^}]*}', '{}', a)}`" not in plain) == []


def test_every_command_is_in_the_use_document():
    from heard.cli import app

    text = text_of("use.md")
    assert len(app.names()) > 10
    assert [name for name in app.names() if f"`heard {name}" not in text] == []


@pytest.mark.parametrize("document", DOCS, ids=lambda d: d.name)
def test_links_between_documents_lead_somewhere(document):
    text = document.read_text("utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:") and not (document.parent / target).exists():
            broken.append(target)
    assert [b for b in broken if not b.startswith("docs/pictures/")] == []


@pytest.mark.parametrize("document", DOCS, ids=lambda d: d.name)
def test_anchors_inside_a_document_exist(document):
    text = document.read_text("utf-8")
    heads = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    assert [a for a in re.findall(r"\]\(#([^)]+)\)", text) if a not in heads] == []


def test_the_tests_that_the_promises_name_exist():
    missing = []
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text_of("trust.md")):
        there = (ROOT / file).is_file()
        if not there or (name and f"def {name}(" not in (ROOT / file).read_text("utf-8")):
            missing.append(f"{file}::{name}")
    assert missing == []
