"""Commands made of functions: everything a function takes is in its help and arrives as it is typed."""

from pathlib import Path
from typing import Annotated

import pytest

from heard.cli import app as heard
from heard.kit.commandline import Commands, Option, parameters_of


def small() -> tuple[Commands, list[tuple]]:
    called: list[tuple] = []
    app = Commands("tool", "What it is for.")

    @app.command()
    def copy(
        source: Path,
        times: Annotated[int, Option(help="How often, 100% of them.")] = 1,
        to: Annotated[Path | None, Option("--target", help="Where to.")] = None,
        loud: Annotated[bool, Option("--loud", help="Say it.")] = False,
    ) -> None:
        """Copy something.

        This paragraph is for readers of the code.
        """
        called.append((source, times, to, loud))

    @app.group("person", "People.").command("make")
    def make(email: str, name: Annotated[str, Option(help="How they are called.")]) -> None:
        """Make one."""
        called.append((email, name))

    return app, called


def test_what_is_typed_arrives_in_its_type():
    app, called = small()
    app.run(["copy", "a.txt", "--times", "3", "--target", "b", "--loud"])
    app.run(["copy", "a.txt"])
    app.run(["person", "make", "x@y.example", "--name", "X"])
    assert called == [(Path("a.txt"), 3, Path("b"), True), (Path("a.txt"), 1, None, False), ("x@y.example", "X")]


@pytest.mark.parametrize(
    "typed",
    [
        [], ["person"], ["nothing"], ["copy"], ["copy", "a", "--times", "x"], ["person", "make", "x"], ["copy", "a", "--lou"],
        ["copy", "a", "b"],
    ],
)  # fmt: skip
def test_wrong_words_end_with_two_and_call_nothing(typed, capsys):
    app, called = small()
    with pytest.raises(SystemExit) as ended:
        app.run(typed)
    said = capsys.readouterr()
    assert (ended.value.code, called, "usage: tool" in said.out + said.err) == (2, [], True)


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """argparse breaks lines, and words at their hyphens."""
    monkeypatch.setenv("COLUMNS", "500")


def functions(commands: Commands, before: str = "") -> dict[str, object]:
    found = {f"{before}{name}": function for name, function in commands.functions.items()}
    for name, group in commands.groups.items():
        found |= functions(group, f"{before}{name} ")
    return found


@pytest.mark.parametrize("name", functions(heard))
def test_the_help_of_each_command_is_complete(name, capsys):
    function = functions(heard)[name]
    with pytest.raises(SystemExit) as ended:
        heard.run([*name.split(), "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert " ".join(function.__doc__.partition("\n\n")[0].split()) in shown
    for parameter, (kind, _default) in parameters_of(function).items():
        option = getattr(kind, "__metadata__", (None,))[0]
        named = parameter.upper() if option is None else option.name or f"--{parameter.replace('_', '-')}"
        assert named in shown, parameter
        assert option is None or " ".join(option.help.split()) in shown, parameter


def test_the_help_of_the_program_names_every_command_with_its_sentence(capsys):
    with pytest.raises(SystemExit):
        heard.run(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for function in heard.functions.values():
        assert " ".join(function.__doc__.partition("\n\n")[0].split()) in shown
    assert [group.help for group in heard.groups.values() if group.help not in shown] == []


def test_every_command_has_types_for_all_it_takes():
    import inspect

    for name, function in functions(heard).items():
        assert list(parameters_of(function)) == list(inspect.signature(function).parameters), name
