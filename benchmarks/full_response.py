"""New visitors who open the page, choose and send: `python -m benchmarks.full_response [ROUNDS] [--peer FOLDER]` (G3).

Full responses a second of ours (one web process) beside django-survey-and-report 1.5.0 (Django 5.2, gunicorn, 2 workers of 2
threads, SQLite with synchronous=FULL and WAL), in turns on one machine: 32 visitors at once, each on a connection of its
own, without a cookie, who read the form and send what is in it. The same survey in both: one question, five options.

The peer is no part of Heard: it is installed by pip from the package index into a folder outside of the checkout (once),
set up there by the lines below, and not installed where there is no index: then ours is measured alone.
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx

from benchmarks.pages import LABELS, a_poll_of_five
from tests.journeys.server import Server, free_port, wait_for

VISITORS, SECONDS, GOAL = 32, 4.0, 12
PEER = ("django==5.2.*", "django-survey-and-report==1.5.0", "gunicorn")
SETTINGS = """
SECRET_KEY = "only for a benchmark"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.staticfiles", "survey"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
    "django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "peer.db", "CONN_MAX_AGE": None, "OPTIONS": {
    "timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}}
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CHOICES_SEPARATOR, USER_DID_NOT_ANSWER, EXCEL_COMPATIBLE_CSV, DEFAULT_SURVEY_PUBLISHING_DURATION = ",", "Left blank", False, 7
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("survey/", include("survey.urls"))]
"""
SURVEY = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from survey.models import Question, Survey
survey = Survey.objects.create(name="Our evenings", description="", is_published=True, need_logged_user=False, display_method=0)
Question.objects.create(text="Which evening suits you best?", order=1, required=True, survey=survey, type="radio", choices={labels!r})
print(survey.id)
"""


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str, body: bytes = b""
) -> tuple[int, str, str]:
    """One request; status, head and body of the answer."""
    writer.write(head.encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    found = re.search(r"(?i)content-length: (\d+)", answer)
    content = await reader.readexactly(int(found[1])) if found else b""
    return int(answer[9:12]), answer, content.decode()


def filled_in(page: str) -> dict[str, str]:
    """The form's fields as a browser sends them, with the first option chosen. (Fields that people do not see stay empty.)"""
    form = re.search(r'(?s)<form[^>]*method="?post.*?</form>', page, re.I)
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0] if form else ""):
        told = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if told.get("type") in ("hidden", "radio") and "name" in told:
            fields.setdefault(told["name"], told.get("value", ""))
    return fields


async def responded(port: int, path: str) -> tuple[float, float]:
    """Full responses a second, and the share of visitors whose answer was not taken."""
    taken = refused = 0
    until = time.perf_counter() + SECONDS

    async def visit() -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            host = f"Host: 127.0.0.1:{port}\r\n"
            status, head, page = await exchange(reader, writer, f"GET {path} HTTP/1.1\r\n{host}\r\n")
            cookies = "; ".join(re.findall(r"(?i)set-cookie: ([^;\r]+)", head))
            body = urlencode(filled_in(page)).encode()
            told = f"Cookie: {cookies}\r\n" if cookies else ""
            told += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            posted, _head, _page = await exchange(reader, writer, f"POST {path} HTTP/1.1\r\n{host}{told}\r\n", body)
            return status == 200 and posted in (302, 303)
        finally:
            writer.close()

    async def visitors() -> None:
        nonlocal taken, refused
        while time.perf_counter() < until:
            try:
                ok = await asyncio.wait_for(visit(), 30)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                ok = False
            taken, refused = taken + ok, refused + (not ok)

    began = time.perf_counter()
    await asyncio.gather(*(visitors() for _ in range(VISITORS)))
    return taken / (time.perf_counter() - began), refused / max(1, taken + refused)


class Peer:
    """django-survey-and-report in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.python, self.port = folder / "venv" / "bin" / "python", free_port()
        self.folder, self.process, self.path = folder, None, ""

    def install(self) -> bool:
        """False where it cannot be had."""
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.folder / "venv")], check=True)
        command = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    def start(self, work: Path) -> None:
        """An empty database, one survey, and the server."""
        (work / "settings.py").write_text(SETTINGS)
        (work / "urls.py").write_text(URLS)
        code = SURVEY.format(labels=",".join(LABELS))
        clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"DJANGO_SETTINGS_MODULE": "settings"}
        made = subprocess.run([str(self.python), "-c", code], cwd=work, env=clean, capture_output=True, text=True)
        if made.returncode:
            raise SystemExit(f"the peer could not be set up:\n{made.stderr[-1500:]}")
        self.path = f"/survey/{made.stdout.split()[-1]}/"
        serve = "from django.core.wsgi import get_wsgi_application; application = get_wsgi_application()\n"
        (work / "serving.py").write_text(serve)
        command = [str(self.python), "-m", "gunicorn", "serving:application", "--workers", "2", "--threads", "2"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--log-level", "error"]
        self.process = subprocess.Popen(command, cwd=work, env=clean)  # type: ignore[assignment]
        if not wait_for(lambda: is_there(self.port, self.path), seconds=30):
            raise SystemExit("the peer does not answer")

    def stop(self) -> None:
        """End it with its workers."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def stored(self, work: Path) -> int:
        """How many responses it has."""
        import sqlite3

        with sqlite3.connect(work / "peer.db") as database:
            return int(database.execute("SELECT count(*) FROM survey_response").fetchone()[0])


def is_there(port: int, path: str) -> bool:
    """Whether a page answers."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 200
    except httpx.HTTPError:
        return False


def main() -> None:
    """A line a round, and the medians."""
    wishes = argparse.ArgumentParser()
    wishes.add_argument("rounds", nargs="?", type=int, default=5)
    wishes.add_argument("--peer", type=Path, default=Path(tempfile.gettempdir()) / "heard-benchmark-peer")
    wish = wishes.parse_args()
    wish.peer.mkdir(parents=True, exist_ok=True)
    peer = Peer(wish.peer)
    if not (beside := peer.install()):
        print("django-survey-and-report cannot be installed here: ours alone, without a ratio")
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as theirs:
        server = Server(Path(name)).start()
        try:
            path = urlsplit(f"/p/{a_poll_of_five(server)}").path
            if beside:
                peer.start(Path(theirs))
            ours, others, ratios = [], [], []
            for number in range(wish.rounds + 1):
                floor, bad_there = asyncio.run(responded(peer.port, peer.path)) if beside else (0.0, 0.0)
                rate, bad = asyncio.run(responded(server.port, path))
                if not number:  # the round before warms up
                    continue
                ours.append(rate), others.append(floor), ratios.append(rate / floor if floor else 0.0)
                there = f"peer {floor:.0f}/s ({bad_there:.1%} not taken), ratio {ratios[-1]:.1f}, " if beside else ""
                print(f"round {number}: {there}ours {rate:.0f}/s ({bad:.1%} not taken), load {os.getloadavg()[0]:.1f}")
            median = statistics.median
            print(f"median: ours {median(ours):.0f} full responses a second", end="")
            told = f", peer {median(others):.0f} ({peer.stored(Path(theirs))} stored in all)" if beside else ""
            print(f"{told}, ratio {median(ratios):.1f} (asked {GOAL})" if beside else "")
        finally:
            peer.stop()
            server.stop()


if __name__ == "__main__":
    main()
