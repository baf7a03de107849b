"""How often the mood told by words agrees with people: `python benchmarks/moods.py FILE.csv[.gz] [JUDGED.csv]`.

FILE has the columns text and label. Of nhs_fft_v6 two labels tell a mood, “Positive experience & gratitude” and “Negative
experience & dissatisfaction”; the others say what an answer is about. The word lists were mended by reading errors in one
half of it; figures are of the other half (by the CRC-32 of the text, odd). A majority baseline calls all positive.
JUDGED has the columns text and mood (-1, 0, 1), judged by a person. Nothing of the data is kept.
"""

import csv
import gzip
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

from feedback.themes.moods import is_urgent, mood_of

GOLD = {"Positive experience & gratitude": 1, "Negative experience & dissatisfaction": -1}
CONTENT = {"Positive experience & gratitude", "Staff manner & personal attributes", "Organisation & efficiency"}
NAMES = {1: "praises", 0: "neither", -1: "complains", None: "not told"}


def main(paths: list[str]) -> int:
    """Print the figures; 2 without a file."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    rows = _read(Path(paths[0]))
    began = time.monotonic()
    found = [mood_of(row["text"], "en") for row in rows]
    took = (time.monotonic() - began) / len(rows)
    urgent = sum(is_urgent(row["text"], "en") for row in rows)
    print(f"{len(rows)} answers, {took * 1e6:.0f} µs each, {urgent} urgent")
    for half, name in ((0, "read while the lists were mended"), (1, "held out")):
        some = [
            (GOLD[row["label"]], mood)
            for row, mood in zip(rows, found, strict=True)
            if row["label"] in GOLD and zlib.crc32(row["text"].encode()) % 2 == half
        ]
        print(name)
        _report(some)
    for name, wanted in (("gratitude, staff manner, efficiency", True), ("all others", False)):
        told = [mood == 1 for row, mood in zip(rows, found, strict=True) if (row["label"] in CONTENT) == wanted]
        print(f"content among {name}: {sum(told) / len(told):.1%} of {len(told)}")
    for path in paths[1:]:
        judged = _read(Path(path))
        print(f"{Path(path).name}, judged by hand")
        _report([(int(row["mood"]), mood_of(row["text"], "en")) for row in judged])
    return 0


def _read(path: Path) -> list[dict[str, str]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _report(pairs: list[tuple[int, int | None]]) -> None:
    """Accuracy, the majority's, the mean of the recalls, agreement where a side was taken; and the confusion."""
    truth = Counter(wanted for wanted, _ in pairs)
    right = Counter(wanted for wanted, mood in pairs if wanted == mood)
    sided = [wanted == mood for wanted, mood in pairs if mood in (-1, 1)]
    recalls = [right[wanted] / n for wanted, n in truth.items()]
    print(
        f"  {len(pairs)}: accuracy {right.total() / len(pairs):.3f} (majority {max(truth.values()) / len(pairs):.3f}), "
        f"mean recall {sum(recalls) / len(recalls):.3f} (majority {1 / len(truth):.3f}); "
        f"of {len(sided)} where a side was taken {sum(sided) / len(sided):.3f} agree"
    )
    for wanted in sorted(truth, reverse=True):
        row = Counter(mood for one, mood in pairs if one == wanted)
        print(f"  {NAMES[wanted]:9} → " + ", ".join(f"{NAMES[mood]} {row[mood]}" for mood in NAMES if row[mood]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
