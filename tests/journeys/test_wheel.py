"""The wheel installs into an environment that has never seen this checkout, and serves its pages from there."""

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest

from tests.journeys.server import Server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; its third-party packages are those of this one, by path."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # A .pth line adds the folder without reading the .pth files in it, so the checkout's own link is not followed.
    (Path(where) / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    wheel = next(folder.glob("heard-*.whl"))
    install = [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return folder / "env"


def test_the_installed_package_is_not_the_checkout(installed, tmp_path):
    code = "import heard.kit.web as w; print(w.__file__); print(*w.TEMPLATES)"
    done = subprocess.run(
        [installed / "bin" / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(ROOT) not in done.stdout
    assert "heard/templates" in done.stdout


def test_it_serves_the_set_up_page_and_its_styles(installed, tmp_path):
    server = Server(tmp_path, program=(str(installed / "bin" / "heard"),), HEARD_WORK="0").start()
    try:
        path = re.search(r"/setup/\S+", server.log())
        assert path, server.log()
        page = httpx.get(server.url + path[0], headers={"Accept-Language": "fr"})
        style = re.search(r'href="(/assets/\S+?\.css)"', page.text)
        assert page.status_code == 200
        assert style
        assert httpx.get(server.url + style[1]).status_code == 200
        assert 'lang="fr"' in page.text
    finally:
        server.stop()
