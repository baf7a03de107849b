"""Fixtures: a fresh, migrated database for each test, on SQLite or PostgreSQL, and clients that speak HTTP to the app.

`@pytest.mark.both` runs a test on both databases. PostgreSQL comes from a wheel and starts once a test process.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from inspect import unwrap
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, event

# Before any module of ours reads the settings: nothing of the developer's own environment reaches a test.
for _name in [n for n in os.environ if n.startswith("HEARD_")]:
    del os.environ[_name]
_FOLDER = Path(tempfile.mkdtemp(prefix="heard-tests-"))
os.environ.setdefault(
    "XDG_RUNTIME_DIR", str(_FOLDER)
)  # where the PostgreSQL wheel keeps its locks; it warns without one
os.environ |= {
    "HEARD_DATABASE_URL": f"sqlite:///{_FOLDER}/nothing.db",
    "HEARD_DATA": str(_FOLDER),
    "HEARD_SECRET": "test" * 16,
}

from heard.kit import db, kept, visits  # noqa: E402
from heard.kit.settings import settings  # noqa: E402
from tests.browser_client import Client, the_loop  # noqa: E402
from tests.postgres import Postgres, memory  # noqa: E402
from tests.world import World  # noqa: E402

# The same examples each time, and no clock: `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile(
    "heard", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("heard")

PEOPLED = "heard_peopled"  # the template with the people of the world


def _not_waiting(made: Callable[[str], db.Engines]) -> Callable[[str], db.Engines]:
    """Files of tests live shorter than the machine: nothing waits for its disk. (Servers in processes of their own do.)"""

    @wraps(made)
    def engines_of(url: str) -> db.Engines:
        engines = made(url)
        event.listen(engines.write, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        return engines

    return engines_of


def _compiling_once(made: Callable[[str], db.Engines]) -> Callable[[str], db.Engines]:
    """Each test has engines of its own. What SQLAlchemy makes of a statement, a fifth of a test, it keeps for an engine and
    for a dialect: both are those of the first one that connected."""
    first: dict[str, Engine] = {}

    @wraps(made)
    def engines_of(url: str) -> db.Engines:
        engines = made(url)
        for role, engine in engines._asdict().items():
            if before := first.get(role):
                engine.dialect = engine.pool._dialect = before.dialect
                engine._compiled_cache = before._compiled_cache
            else:
                event.listen(engine, "connect", lambda *_, e=engine, r=role: first.setdefault(r, e))
                engine._compiled_cache.capacity = 3000
        return engines

    return engines_of


db._sqlite = _compiling_once(_not_waiting(unwrap(db._sqlite)))
db._postgresql = _compiling_once(unwrap(db._postgresql))

kept.FRESH_SECONDS = 0  # tests write beside the program; tests/kit/test_kept.py switches it on


def pytest_configure(config: pytest.Config) -> None:
    """Markers of our own."""
    config.addinivalue_line(
        "markers", "both(long=False): runs on SQLite and on PostgreSQL; long: there in make test-long only"
    )
    config.addinivalue_line(
        "markers", "hurried: what is sent too soon is set aside; elsewhere tests vote as fast as they can"
    )


def pytest_collection_finish() -> None:
    """Some 7,000 tests and what they import stay to the end: the collector need not look at them again and again, as in
    heard/front.py, and at the rest it looks more rarely. It was a tenth to a sixth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`both` makes two tests of one; `both(long=True)`: the one on PostgreSQL belongs to `make test-long`."""
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        marks = [pytest.mark.long] if both and both.kwargs.get("long") else []
        databases = ["sqlite", pytest.param("postgresql", marks=marks)] if both else ["sqlite"]
        metafunc.parametrize("database", databases, indirect=True)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    folder = tmp_path_factory.mktemp("migrated")
    with pointing_to(f"sqlite:///{folder}/heard.db", folder):
        from heard.migrations.run import migrate

        migrate()
    return folder / "heard.db"


@pytest.fixture(scope="session")
def peopled_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the people of the world in it."""
    folder = tmp_path_factory.mktemp("peopled")
    shutil.copy(migrated_file, folder / "heard.db")
    with pointing_to(f"sqlite:///{folder}/heard.db", folder):
        World()
        db.close()
    return folder / "heard.db"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server with a migrated template database; started on first use."""
    # Not below pytest's own folder: another pytest that starts meanwhile closes that to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="heard-postgres-", dir=memory()))
    server = Postgres(folder)
    with pointing_to(server.template_url, tmp_path_factory.mktemp("postgres-data")):
        from heard.migrations.run import migrate

        migrate()
    with pointing_to(server.new_database(name=PEOPLED), tmp_path_factory.mktemp("postgres-peopled")):
        World()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database, empty but for the people of the `world` where a test asks for it; the settings point to it. Its
    value is "sqlite" or "postgresql"."""
    peopled = "world" in request.fixturenames
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("peopled_file" if peopled else "migrated_file"), tmp_path / "heard.db")
        url = f"sqlite:///{tmp_path}/heard.db"
    else:
        url = request.getfixturevalue("postgres").new_database(PEOPLED if peopled else "heard_template")
    with pointing_to(url, tmp_path):
        yield request.param
        _drain()
        visits.flush()
    if request.param == "postgresql":
        request.getfixturevalue("postgres").drop(url)


@pytest.fixture
def world(database: str) -> World:
    """The community "garden" with its people, and the outsider's."""
    return World()


@pytest.fixture(autouse=True)
def _unhurried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for seconds as people do; those that are about it say so."""
    if request.node.get_closest_marker("hurried") is None:
        monkeypatch.setattr("feedback.integrity.pace.suspicion", lambda *_args, **_more: "")


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    """A browser without cookies."""
    with Client() as browser:
        yield browser


@pytest.fixture
def session(world: World) -> Iterator[db.DbSession]:
    """A reading session; it sees what was committed when it first reads."""
    with db.reading() as reading:
        yield reading


class pointing_to:
    """The settings of this process, for the length of a block."""

    def __init__(self, url: str, folder: Path) -> None:
        self.values = {"HEARD_DATABASE_URL": url, "HEARD_DATA": str(folder)}

    def __enter__(self) -> None:
        self.before = {name: os.environ[name] for name in self.values}
        self._set(self.values)

    def __exit__(self, *_: object) -> None:
        for engine in db.engines():
            engine.dispose()
        self._set(self.before)

    def _set(self, values: dict[str, str]) -> None:
        os.environ |= values
        settings.cache_clear()
        db.engines.cache_clear()


def _drain() -> None:
    """What lives in this process ends with the test: the writer thread, frozen polls, limits."""
    import sys

    if intake := sys.modules.get("feedback.collect.intake"):
        intake.stop()
    if frozen := sys.modules.get("polls.frozen"):
        frozen._memory.clear()
    if queries := sys.modules.get("feedback.collect.queries"):
        queries._at_hand.clear()
    if limits := sys.modules.get("heard.kit.limits"):
        limits._limiter.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _loop() -> Iterator[None]:
    yield
    the_loop.close()
