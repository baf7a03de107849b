"""Where Chromium is: $CHROMIUM, else on PATH, else (as root on Debian) installed by apt-get, else a sentence.

`python -m tests.chromium` is called by `make test`.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
SENTENCE = "The browser tests need Chromium: install it (Debian: apt-get install chromium) or name one with CHROMIUM=/path/to/it."


def find() -> str | None:
    """The program, or None."""
    named = os.environ.get("CHROMIUM")
    return named if named and os.access(named, os.X_OK) else next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Make sure there is one; 2 and the sentence where there cannot be."""
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
    if find():
        return 0
    print(SENTENCE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
