"""Commands from functions: what a function takes is what its command takes, and its docstring is the help.

    app = Commands("heard", "What the program is for.")

    @app.command("export")
    def export(poll: str, form: Annotated[str, Option("--format", help="csv, jsonl or long.")] = "csv") -> None:
        \"\"\"Write a poll's responses.\"\"\"

A parameter without an Option is an argument of its own, one with `bool` a switch, one without a default is required.
On argparse, because the libraries for this (typer, click) take four to six times as long to load as Python itself, which
every command would pay. Types are `str`, `int`, `Path`, `bool`, `list[str]`, or one of them or None.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

Function = TypeVar("Function", bound=Callable[..., None])
REQUIRED = object()


class Option(NamedTuple):
    """An option's name on the command line, which is the parameter's unless it is given, and a few words on it."""

    name: str = ""
    help: str = ""


class Commands:
    """The commands of a program, and groups of them."""

    def __init__(self, name: str, help: str) -> None:
        self.name, self.help = name, help
        self.functions: dict[str, Callable[..., None]] = {}
        self.groups: dict[str, Commands] = {}

    def command(self, name: str = "") -> Callable[[Function], Function]:
        """The function below is the command of this name."""

        def taken(function: Function) -> Function:
            self.functions[name or function.__name__] = function
            return function

        return taken

    def group(self, name: str, help: str) -> "Commands":
        """Commands of two words: `heard account create`."""
        self.groups[name] = Commands(name, help)
        return self.groups[name]

    def names(self) -> list[str]:
        """Every command as it is typed, without the program's name."""
        inside = [f"{name} {one}" for name, group in self.groups.items() for one in group.names()]
        return [*self.functions, *inside]

    def run(self, words: Sequence[str] | None = None) -> None:
        """Call what was typed. Wrong words end with 2 and a sentence, no words at all with 2 and the help."""
        parser = self.parser()
        typed = list(sys.argv[1:] if words is None else words)
        wish = vars(parser.parse_args(typed))
        function, shown = wish.pop("function", None), wish.pop("shown", parser)
        if function is None:
            shown.print_help()
            sys.exit(2)
        function(**wish)

    def parser(self) -> argparse.ArgumentParser:
        """All of it for argparse."""
        return self._into(argparse.ArgumentParser(prog=self.name, description=self.help, allow_abbrev=False))

    def _into(self, parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
        parser.set_defaults(shown=parser)
        below = parser.add_subparsers(title="commands", metavar="COMMAND")
        for name, function in self.functions.items():
            text = " ".join((function.__doc__ or "").partition("\n\n")[0].split()).replace("%", "%%")
            made = below.add_parser(name, help=text, description=text, allow_abbrev=False)
            made.set_defaults(function=function)
            for parameter, (kind, default) in parameters_of(function).items():
                _add(made, parameter, kind, default)
        for name, group in self.groups.items():
            group._into(below.add_parser(name, help=group.help, description=group.help, allow_abbrev=False))
        return parser


def parameters_of(function: Callable[..., None]) -> dict[str, tuple[Any, Any]]:
    """By name, the annotation and the default (or REQUIRED) of what a function takes.

    Every parameter of ours is annotated, so this needs no `inspect`, which takes as long to load as argparse itself.
    """
    kinds = {name: kind for name, kind in function.__annotations__.items() if name != "return"}
    plain = getattr(function, "__wrapped__", function)
    given = plain.__defaults__ or ()
    defaults = [*[REQUIRED] * (len(kinds) - len(given)), *given]
    return {name: (kind, default) for (name, kind), default in zip(kinds.items(), defaults, strict=True)}


def _add(parser: argparse.ArgumentParser, parameter: str, kind: Any, default: Any) -> None:
    option = None
    if get_origin(kind) is Annotated:
        kind, option = get_args(kind)
    if isinstance(kind, UnionType):  # Path | None: it may be left out
        kind = get_args(kind)[0]
    several = get_origin(kind) is list
    if several:  # list[str]: the option may be given several times
        kind = get_args(kind)[0]
    if option is None:
        needed: dict[str, Any] = {} if default is REQUIRED else {"nargs": "?", "default": default}
        parser.add_argument(parameter, type=kind, metavar=parameter.upper(), **needed)
        return
    name = option.name or "--" + parameter.replace("_", "-")
    if kind is bool:
        parser.add_argument(name, dest=parameter, action="store_true", help=option.help)
        return
    required = default is REQUIRED
    told = option.help + (" [required]" if required else f" [default: {default}]" if default not in ("", None) else "")
    parser.add_argument(
        name, dest=parameter, type=kind, required=required, default=None if required else default,
        metavar=kind.__name__.upper(), help=told.replace("%", "%%"), action="append" if several else "store",
    )  # fmt: skip


def progress(what: str) -> Callable[[int, int], None] | None:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, transient=True)
    task = bar.add_task(what)

    def show(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return show
