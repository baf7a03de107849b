"""Every regular expression of ours, and texts that are made to take long with it."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("heard", "polls", "feedback", "insights")
TRIES = ("fullmatch", "match", "search", "sub")  # sub stands for all that go through the whole text
AS_SUB = {"sub": "sub", "subn": "sub", "findall": "sub", "finditer": "sub", "split": "sub"}
# What stands in patterns that are put together inside functions, by name; for the rest the module's own names.
STANDING_FOR = {
    "found": "AB",
    "old": "12",
    "stem": "best-day",
    "groups": r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?",
    "words": ("red", "blue"),
    "word": "Asked",
    "kinds": {"less": r"fewer than|under", "more": r"over"},
    "name": "Sarah",
}
ALPHABET = "aA1_é -.,:;@/'’\"+=#&%?()[]<>*|~\t\n\0\u00a0\u0301\u200b“»·•€😀字"


@dataclass
class Expression:
    """A pattern, where it stands, and what is done with it."""

    place: str
    pattern: re.Pattern[Any]
    tries: set[str]

    def run(self, text: Any) -> None:
        """Do it. What goes through the whole text tries everywhere what the smaller ways try at one place."""
        ways = self.tries - (
            {"search", "match"} if "sub" in self.tries else {"match"} if "search" in self.tries else set()
        )
        for way in ways:
            if way == "sub":
                self.pattern.sub(text[:0], text)
            else:
                getattr(self.pattern, way)(text)


def expressions() -> list[Expression]:
    """All of them, each once: objects in modules, and patterns that stand in calls.

    NameError for a pattern that is put together of what nobody knows here: give it a stand-in above.
    """
    found: dict[tuple[Any, ...], Expression] = {}
    sources = {name: (ROOT / Path(*name.split("."))).with_suffix(".py") for name in _modules()}
    trees = {name: ast.parse(file.read_text("utf-8")) for name, file in sources.items()}
    uses = _uses(trees.values())
    for name, tree in trees.items():
        module = importlib.import_module(name)
        here = [
            (f"{name}.{where}", pattern, uses.get(where.split(".")[-1], TRIES)) for where, pattern in _objects(module)
        ]
        objects = {(pattern.pattern, pattern.flags) for _where, pattern, _ways in here}
        for tried, call in _calls(tree):
            pattern = re.compile(*_given(call, module))
            if tried != "compile" or (pattern.pattern, pattern.flags) not in objects:
                ways = TRIES if tried == "compile" else (AS_SUB.get(tried, tried),)
                here.append((f"{name}:{call.lineno}", pattern, ways))
        for place, pattern, tries in here:
            known = found.setdefault((pattern.pattern, pattern.flags), Expression(place, pattern, set()))
            known.tries |= set(tries)
    return list(found.values())


def _modules() -> list[str]:
    files = [f.relative_to(ROOT) for package in PACKAGES for f in sorted((ROOT / package).rglob("*.py"))]
    no_modules = ("versions", "env.py", "__init__.py")
    return [".".join(f.with_suffix("").parts) for f in files if not set(no_modules) & set(f.parts)]


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=tried)) if tried in (
                *TRIES,
                *AS_SUB,
                "compile",
            ):
                yield tried, node


def _given(call: ast.Call, module: Any) -> tuple[Any, int]:
    """Pattern and flags of a call. What is escaped is an ordinary word."""
    names = {**STANDING_FOR, **vars(module), "re": re}
    pattern = ast.unparse(call.args[0])
    at = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2}.get(call.func.attr, 4)  # type: ignore[attr-defined]
    flags = [k.value for k in call.keywords if k.arg == "flags"] or call.args[at : at + 1]
    return eval(pattern, names), int(eval(ast.unparse(flags[0]), names)) if flags else 0


def _uses(trees: Any) -> dict[str, tuple[str, ...]]:
    """By the last name of a pattern: the methods that are called on it. A name that is handed on is used in every way."""
    uses: dict[str, set[str]] = {}
    called: set[int] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in (*TRIES, *AS_SUB):
                uses.setdefault(_last(node.value), set()).add(AS_SUB.get(node.attr, node.attr))
                called.add(id(node.value))
        for node in ast.walk(tree):
            read = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
            if read and id(node) not in called and _last(node) in uses:
                uses[_last(node)] |= set(TRIES)
    return {name: tuple(sorted(ways)) for name, ways in uses.items()}


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _objects(module: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    waiting = [(name, value) for name, value in vars(module).items() if not name.startswith("__")]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, tuple | list | frozenset):
            waiting += [(name, inner) for inner in value]
        elif isinstance(value, dict):
            waiting += [(name, inner) for inner in value.values()]
        elif is_dataclass(value) and not isinstance(value, type):
            waiting += [(f"{name}.{f.name}", getattr(value, f.name, None)) for f in fields(value)]


def crafted(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Texts of about this many characters: runs of what each repetition takes, alone, behind what would lead there, and before
    something that fits nothing; runs of two kinds by turns; the whole again and again."""
    tree = parser.parse(
        pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    pumps, fronts = set("a 1.-\n"), {""}
    _walk(list(tree), "", pumps, fronts)
    whole = _shortest(list(tree))
    short = sorted(pumps, key=lambda p: (len(p), p))
    texts = {_run(whole, size), whole + "\0" + _run(whole, size)} | {_run(front, size) for front in fronts}
    for pump in short:
        run = _run(pump, size)
        texts |= {front + run + end for front in fronts for end in ("", "\0", "!\n")}
    pairs = [p + q for p in short[:6] for q in short[:6] if p != q]
    texts |= {_run(pair, size) + "\0" for pair in pairs}
    for text in sorted(texts):
        yield text.encode("utf-8", "surrogatepass") if isinstance(pattern.pattern, bytes) else text


def _run(part: str, size: int) -> str:
    return (part * (size // len(part) + 1))[:size] if part else ""


MOST_FRONTS = 6


def _walk(nodes: list[Any], front: str, pumps: set[str], fronts: set[str]) -> str:
    """Collect what can be repeated without end, and what leads there. Returns the front with these nodes behind it."""
    for kind, value in nodes:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            _least, most, inner = value
            if most == op.MAXREPEAT or most > 20:
                pumps |= _each(list(inner))
                if len(fronts) < MOST_FRONTS:
                    fronts.add(front)
        for inner in _inside(kind, value):
            _walk(inner, front, pumps, fronts)
        front += _shortest([(kind, value)])
    return front


def _inside(kind: Any, value: Any) -> list[list[Any]]:
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [list(value[2])]
    if kind is op.SUBPATTERN:
        return [list(value[3])]
    if kind is op.BRANCH:
        return [list(one) for one in value[1]]
    if kind is op.ATOMIC_GROUP:
        return [list(value)]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [list(value[1])]
    return []


def _each(nodes: list[Any]) -> set[str]:
    """Texts that a repeated part may take: of one sign some of those it takes, otherwise its shortest."""
    if len(nodes) == 1 and nodes[0][0] in (op.IN, op.ANY, op.NOT_LITERAL, op.LITERAL):
        taken = [c for c in ALPHABET if _takes(nodes[0], c)]
        return set(taken[:3] + taken[-1:]) or {_shortest(nodes)}
    if len(nodes) == 1 and nodes[0][0] is op.BRANCH:
        return {text for one in nodes[0][1][1] for text in [_shortest(list(one))] if text}
    return {text} if (text := _shortest(nodes)) else set()


def _shortest(nodes: list[Any]) -> str:
    """A short text that fits, as far as looks around allow."""
    text = ""
    for kind, value in nodes:
        if kind in (op.LITERAL,):
            text += chr(value)
        elif kind in (op.IN, op.ANY, op.NOT_LITERAL):
            text += next((c for c in ALPHABET if _takes((kind, value), c)), _first(value))
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            text += _shortest(list(value[2])) * min(max(1, value[0]), 50)
        elif kind is op.BRANCH:
            text += _shortest(list(value[1][0]))
        elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            text += _shortest(_inside(kind, value)[0])
    return text


def _first(items: Any) -> str:
    for kind, value in items if isinstance(items, list) else []:
        if kind in (op.LITERAL, op.RANGE):
            return chr(value if kind is op.LITERAL else value[0])
    return "a"


def _takes(node: Any, sign: str) -> bool:
    kind, value = node
    if kind is op.ANY:
        return True
    if kind in (op.LITERAL, op.NOT_LITERAL):
        return (ord(sign) == value) is (kind is op.LITERAL)
    inside = any(
        (k is op.LITERAL and v == ord(sign))
        or (k is op.RANGE and v[0] <= ord(sign) <= v[1])
        or (k is op.CATEGORY and re.match(CATEGORIES[v], sign) is not None)
        for k, v in value
    )
    return inside is not any(k is op.NEGATE for k, _v in value)


CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
