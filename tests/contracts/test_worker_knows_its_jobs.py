"""The worker loads every module that registers a job: a kind it does not know is dropped with a line in the log."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_kind_of_job_is_known_to_a_fresh_worker():
    files = [f for room in ("heard", "polls", "feedback", "insights") for f in (ROOT / room).rglob("*.py")]
    written = {
        kind for f in files for kind in re.findall(r'^@work\.(?:handles|sends)\("(\w+)"', f.read_text("utf-8"), re.M)
    }
    code = "import heard.worker; from heard.kit import work; print(*work.HANDLERS)"
    known = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert written == set(known.split())
