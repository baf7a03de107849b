"""Words for what stands side by side: two rounds of a trial, opinion groups, answers of one question by another. Pure."""

from collections.abc import Callable

from heard.kit.i18n import _, ngettext, number
from insights.measure.measures import Facts
from insights.write.findings import Finding, at
from insights.write.support import Sentence
from insights.write.wording import both, cut, figure, listed, part, quoted

STATEMENT = (30, 200)


def points(value: float, high: float | None) -> str:
    """A mean or a difference: one decimal, none on scales beyond 20."""
    return number(value, 0 if high is not None and high > 20 and value == int(value) else 1)


def signed_points(value: float, high: float | None) -> str:
    """+0.6, −1.2 or 0.0."""
    return ("+" if value > 0 else "−" if value < 0 else "") + points(abs(value), high)


def trial(facts: Facts, finding: Finding, size: tuple[int, int]) -> Sentence:
    """What became of one question from one version of a trial to the next. What it says moved is what the interval shows."""
    question = at(facts, finding.at)
    texts = {
        ("higher", True): _("%(question)s improved from %(before)s to %(after)s%(of)s."),
        ("lower", True): _("%(question)s got worse, from %(before)s to %(after)s%(of)s."),
        ("higher", False): _("%(question)s rose from %(before)s to %(after)s%(of)s."),
        ("lower", False): _("%(question)s fell from %(before)s to %(after)s%(of)s."),
    }
    texts |= {
        ("none", up): _("No clear change in %(question)s, from %(before)s to %(after)s%(of)s.") for up in (True, False)
    }
    texts |= {("", up): _("%(question)s went from %(before)s to %(after)s%(of)s.") for up in (True, False)}
    towards = {
        "higher": _("%(question)s moved towards %(end)s, from %(before)s to %(after)s%(of)s."),
        "lower": _("%(question)s moved away from %(end)s, from %(before)s to %(after)s%(of)s."),
    }
    up, end = question["up_is_better"], question["high_label"]
    text = towards[question["sure"]] if end and not up and question["sure"] in towards else texts[question["sure"], up]
    values = {
        "question": quoted(question["wording"], size), "before": points(question["before"], question["high"]),
        "after": points(question["after"], question["high"]), "end": quoted(end, (6, 40)) if end else "",
        "of": _(" of %(high)s") % {"high": number(question["high"])} if question["high"] is not None else "",
    }  # fmt: skip
    names = ("wording", "before", "after", "sure", "high", "high_label")
    return Sentence(text % values, tuple(f"{finding.at}/{name}" for name in names))


def in_trial(facts: Facts, finding: Finding, size: tuple[int, int]) -> Sentence:
    """The same where no heading says which trial it is."""
    path, made = finding.at.rpartition("/questions/")[0], trial(facts, finding, size)
    title = quoted(at(facts, path)["title"], (size[0] + 4, size[1] + 24))  # it is cut last: the question says less
    text = _("In %(poll)s: %(sentence)s") % {"poll": title, "sentence": made.text}
    return Sentence(text, (*made.evidence, f"{path}/title"))


def trial_figure(facts: Facts, finding: Finding) -> str:
    """The difference, large."""
    question = at(facts, finding.at)
    return signed_points(question["difference"], question["high"])


def trial_base(facts: Facts, finding: Finding) -> str:
    """Of whom: the same people twice, or two groups."""
    question = at(facts, finding.at)
    if question["paired"]:
        n = question["n"]
        return ngettext("%(n)s person, both times", "%(n)s people, both times", n) % {"n": number(n)}
    values = {"before": number(question["n_before"]), "after": number(question["n_after"])}
    return _("%(before)s answers, then %(after)s") % values


def trial_sample(facts: Facts, finding: Finding) -> Sentence:
    """How sure the difference is, and of whom it was taken: pairs or two samples."""
    question = at(facts, finding.at)
    ends = question["lower"], question["upper"]
    n, high = question["n"], question["high"]
    rests = [f"{finding.at}/{name}" for name in ("n", "n_before", "n_after", "paired")]
    if None in ends:
        text = _("Two groups, %(before)s and then %(after)s, of whom some may be the same; so there is no interval.")
        return Sentence(
            text % {"before": number(question["n_before"]), "after": number(question["n_after"])}, tuple(rests)
        )
    rests += [f"{finding.at}/{name}" for name in ("lower", "upper", "interval")]
    values = {
        "n": number(n), "level": number(question["interval"]), "lower": signed_points(ends[0], high), "upper": signed_points(ends[1], high),
        "before": number(question["n_before"]), "after": number(question["n_after"]),
    }  # fmt: skip
    if question["paired"]:
        text = _(
            "The same %(n)s people answered twice; the difference lies between %(lower)s and %(upper)s (%(level)s%% interval)."
        )
    else:
        text = _(
            "Two groups, %(before)s and then %(after)s; the difference lies between %(lower)s and %(upper)s (%(level)s%% interval)."
        )
    return Sentence(text % values, tuple(rests))


def trial_subject(facts: Facts, finding: Finding, size: int) -> Sentence:
    """The trial's finding as a subject."""
    question = at(facts, finding.at)
    texts = {
        "higher": _("%(trial)s: %(before)s before, %(after)s now"),
        "lower": _("%(trial)s: %(before)s before, %(after)s now"),
        "none": _("%(trial)s: no clear change yet"),
        "": _("%(trial)s: %(before)s before, %(after)s now"),
    }
    path = finding.at.rpartition("/questions/")[0]
    values = {
        "trial": quoted(at(facts, path)["title"], (size, 6 * size)), "before": points(question["before"], question["high"]),
        "after": points(question["after"], question["high"]),
    }  # fmt: skip
    names = ("before", "after", "sure")
    return Sentence(texts[question["sure"]] % values, (f"{path}/title", *(f"{finding.at}/{name}" for name in names)))


def trial_changed(facts: Facts, i: int) -> Sentence | None:
    """What was changed between the two versions, in the words of those who changed it."""
    row = facts["trials"][i]
    if not row["changed"]:
        return None
    text = _("Between the two, this was changed: %(what)s")
    what = _("“%(text)s”") % {"text": cut(row["changed"], 40, 300)}  # it ends the sentence with its own full stop
    return Sentence(text % {"what": what}, (f"trials/{i}/changed",))


def statement(facts: Facts, finding: Finding, size: tuple[int, int]) -> Sentence:
    """What people say to a statement: all groups alike, the groups apart, or everybody together."""
    fact = at(facts, finding.at)
    label, stance = quoted(fact["label"], size), fact["stance"]
    if finding.kind == "agreed":
        texts = {"agree": _("%(part)s agree with %(label)s."), "disagree": _("%(part)s disagree with %(label)s.")}
        values = {"part": both(fact["count"], fact["n"]), "label": label}
        return Sentence(texts[stance] % values, tuple(f"{finding.at}/{name}" for name in ("label", "count", "n")))
    groups = fact["groups"]
    if finding.kind == "bridge":
        pair = {
            "agree": _("Both groups agree with %(label)s: %(groups)s."),
            "disagree": _("Both groups reject %(label)s: %(groups)s."),
        }
        more = {
            "agree": _("All groups agree with %(label)s: %(groups)s."),
            "disagree": _("All groups reject %(label)s: %(groups)s."),
        }
        text, named = (pair if len(groups) == 2 else more)[stance], list(range(len(groups)))
    else:
        texts = {
            "agree": _("Groups part on %(label)s: %(groups)s agree."),
            "disagree": _("Groups part on %(label)s: %(groups)s disagree."),
        }
        order = sorted(range(len(groups)), key=lambda g: -groups[g]["share"])
        text, named = texts[stance], [order[0], order[-1]]
    parts = [_share_of_group(groups[g]) for g in named]
    rests = [f"{finding.at}/label", *(f"{finding.at}/groups/{g}" for g in named)]
    return Sentence(text % {"label": label, "groups": listed(parts)}, tuple(rests))


def by_group(facts: Facts, path: str) -> Sentence:
    """A statement with what each group says to it, for a list that says whether they agree or part."""
    fact = at(facts, path)
    texts = {"agree": _("%(label)s: %(groups)s agree."), "disagree": _("%(label)s: %(groups)s disagree.")}
    parts = [_share_of_group(g) for g in fact["groups"]]
    rests = (f"{path}/label", *(f"{path}/groups/{g}" for g in range(len(parts))))
    return Sentence(texts[fact["stance"]] % {"label": quoted(fact["label"], STATEMENT), "groups": listed(parts)}, rests)


def _share_of_group(group: Facts) -> str:
    return _("%(share)s of group %(name)s") % {"share": figure(group["count"], group["n"]), "name": group["name"]}


def stands_for(facts: Facts, g: int, group: int, size: tuple[int, int] = STATEMENT) -> Sentence:
    """How large a group is, and what sets it apart from the others most."""
    path = f"groups/{g}/groups/{group}"
    one = at(facts, path)
    rests = [f"groups/{g}/n", f"{path}/name", f"{path}/people"]
    values = {"name": one["name"], "people": part(one["people"], facts["groups"][g]["n"])}
    if "stands" not in one:
        return Sentence(_("Group %(name)s: %(people)s people.") % values, tuple(rests))
    texts = {
        "agree": _("Group %(name)s (%(people)s people) is set apart by its yes to %(label)s: %(part)s."),
        "disagree": _("Group %(name)s (%(people)s people) is set apart by its no to %(label)s: %(part)s."),
    }
    stands = one["stands"]
    values |= {"label": quoted(stands["label"], size), "part": part(stands["count"], stands["n"])}
    return Sentence(texts[stands["stance"]] % values, (*rests, f"{path}/stands"))


def who_divides(facts: Facts, finding: Finding) -> Sentence:
    """Who the group is that takes the stance of a statement that divides: its size, and another statement that tells it."""
    fact, g = at(facts, finding.at), int(finding.about.split("/")[1])
    most = max(range(len(fact["groups"])), key=lambda group: fact["groups"][group]["share"])
    one = at(facts, f"groups/{g}/groups/{most}")
    if one.get("stands", {}).get("label") != fact["label"]:
        return stands_for(facts, g, most, (18, 120))
    text = _("Group %(name)s: %(people)s people.")
    values = {"name": one["name"], "people": part(one["people"], facts["groups"][g]["n"])}
    return Sentence(text % values, tuple(f"groups/{g}/groups/{most}/{name}" for name in ("name", "people")))


def statement_figure(facts: Facts, finding: Finding) -> str:
    """The share that takes the stance; of one that divides, that of the two groups furthest apart."""
    fact = at(facts, finding.at)
    if finding.kind != "divide":
        return figure(fact["count"], fact["n"])
    order = sorted(fact["groups"], key=lambda g: -g["share"])
    return _("%(high)s – %(low)s") % {
        "high": figure(order[0]["count"], order[0]["n"]), "low": figure(order[-1]["count"], order[-1]["n"])
    }  # fmt: skip


def statement_subject(facts: Facts, finding: Finding, size: int) -> Sentence:
    """A statement as a subject."""
    fact = at(facts, finding.at)
    texts = {
        ("bridge", "agree"): _("All groups agree: %(label)s"), ("bridge", "disagree"): _("All groups reject: %(label)s"),
        ("agreed", "agree"): _("%(share)s agree: %(label)s"), ("agreed", "disagree"): _("%(share)s reject: %(label)s"),
    }  # fmt: skip
    text = texts.get((finding.kind, fact["stance"])) or _("This divides people: %(label)s")
    values = {"label": quoted(fact["label"], (size, 6 * size)), "share": figure(fact["count"], fact["n"])}
    return Sentence(text % values, (f"{finding.at}/label", f"{finding.at}/count"))


def groups_intro(facts: Facts, g: int) -> Sentence:
    """How many groups there are."""
    run = facts["groups"][g]
    text = _("The votes of %(n)s people on %(question)s fall into %(count)s groups.")
    values = {"question": quoted(run["wording"], (14, 110)), "n": number(run["n"]), "count": number(len(run["groups"]))}
    return Sentence(text % values, (f"groups/{g}/wording", f"groups/{g}/n", f"groups/{g}/groups"))


def segment(facts: Facts, path: str) -> Sentence:
    """Where the answers to one question differ most by those to another, with the test."""
    fact = at(facts, path)
    text = _(
        "Asked %(of)s, %(part)s of those who said %(row)s to %(by)s chose %(column)s; of those who said %(other)s, %(other_part)s "
        "did (V %(v)s, p %(p)s, %(tables)s tables tested)."
    )
    least = fact["p"] <= 0.001
    values = {
        "of": quoted(fact["of"], (14, 110)), "by": quoted(fact["by"], (14, 110)), "row": quoted(fact["label"]),
        "column": quoted(fact["column"]), "part": both(fact["count"], fact["n"]), "other": quoted(fact["other"]["label"]),
        "other_part": both(fact["other"]["count"], fact["other"]["n"]), "v": number(fact["v"], 2),
        "p": ("≤ " if least else "= ") + number(fact["p"], 3), "tables": number(fact["tables"]),
    }  # fmt: skip
    return Sentence(text % values, (path,))


def fitting(make: Callable[[tuple[int, int]], Sentence], most: int) -> Sentence:
    """The sentence with its labels as long as `most` words let them be."""
    sizes = [(30, 200), (20, 140), (14, 100), (10, 70), (7, 50), (4, 30), (2, 16)]
    return next((s for s in map(make, sizes) if len(s.text.split(" ")) <= most), make(sizes[-1]))
