"""`make check`: no committed file names the host of a package index or of its files, or pulls in torch."""

import re
import subprocess
import sys
from pathlib import Path

HOSTS = re.compile(r"https?://[^/\s\"']*(?:py" r"pi|python" r"hosted|npm" r"js|deb" r"ian)[^/\s\"']*", re.I)
HEAVY = re.compile(r"^(?:torch|triton|nvidia-[\w-]+)\s*(?:==|~=|>=|<|$)", re.M)


def main() -> int:
    """1 and the places, or 0."""
    root = Path(__file__).resolve().parents[1]
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True
        )
        files = [root / name for name in listed.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        files = [f for f in root.rglob("*") if ".venv" not in f.parts and ".git" not in f.parts]
    found = []
    for file in files:
        if not file.is_file() or file.stat().st_size > 2_000_000:
            continue
        text = file.read_text(errors="ignore")
        found += [f"{file.relative_to(root)}: {match[0]}" for match in HOSTS.finditer(text)]
        if file.name.startswith("requirements"):
            found += [f"{file.relative_to(root)}: {match[0]}" for match in HEAVY.finditer(text)]
    print("\n".join(found) or "no index host, no torch")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
