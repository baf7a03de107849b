"""Seconds and memory of the themes, each thing in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.themes_sets import Labelled, model_folder, rows_of, the_encoder
from feedback.themes.text import clean

_AFTER = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from benchmarks.themes_sets import the_encoder
from feedback.themes.clustering import cluster
from feedback.themes.labelling import named
from feedback.themes.similarity import Answers
folder = Path(sys.argv[1])
said = json.loads((folder / "texts.json").read_text())
model, vectors = the_encoder(), np.load(folder / "vectors.npy")
began, worked = time.monotonic(), time.process_time()
found = cluster(Answers(said["texts"], vectors, said["languages"]))
named(said["texts"], [found.theme, found.coarse], vectors, model)
print(time.monotonic() - began, time.process_time() - worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time and of processors (which other work on the machine lengthens less), peak memory in MiB."""

    seconds: float
    processor: float
    peak: float


def after_embedding(some: Labelled) -> Cost:
    """Themes and names at both levels from vectors that are there; the median of three processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = {"texts": list(some.answers.texts), "languages": list(some.answers.languages or [])}
        (folder / "texts.json").write_text(json.dumps(said))
        np.save(folder / "vectors.npy", np.asarray(some.answers.vectors))
        runs = [
            subprocess.run(
                [sys.executable, "-c", _AFTER, name], check=True, capture_output=True, text=True, env=_home()
            )
            for _ in range(3)
        ]
    return Cost(*sorted(tuple(map(float, run.stdout.split())) for run in runs)[1])


def texts_a_second(some: Labelled) -> float:
    """How many texts the encoder takes in a second."""
    model = the_encoder()
    model.encode(some.answers.texts[:200])
    began = time.monotonic()
    model.encode(some.answers.texts)
    return len(some.answers.texts) / (time.monotonic() - began)


def heard_themes(path: Path) -> Cost:
    """The command on the whole file, from the start of its process to its end."""
    with tempfile.TemporaryDirectory() as name:
        return _command(path, Path(name), "out.csv")[0]


def twice_the_same(path: Path) -> bool:
    """Whether two processes write the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        first, second = (_command(path, Path(name), each)[1].read_bytes() for each in ("one.json", "two.json"))
    return first == second


def _command(path: Path, folder: Path, output: str) -> tuple[Cost, Path]:
    table = folder / "answers.csv"
    table.write_text("text\n" + "".join(f'"{_quoted(row["text"])}"\n' for row in rows_of(path)), encoding="utf-8")
    command = [sys.executable, "-m", "heard.cli", "themes", str(table), "--column", "text", "--output"]
    began = time.monotonic()
    process = subprocess.Popen([*command, str(folder / output)], stdout=subprocess.DEVNULL, env=_home())
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("heard themes failed")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), folder / output


def _quoted(text: str) -> str:
    return clean(text).replace('"', '""')


def _home() -> dict[str, str]:
    return {**os.environ, "HEARD_DATA": str(model_folder().parent)}
