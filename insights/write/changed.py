"""Words for what moved since the period before, what waits, what was answered and promised, what is urgent. Pure."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from heard.kit.i18n import _, day, ngettext, number
from insights.measure.measures import Facts
from insights.write.findings import Finding, at
from insights.write.support import Sentence
from insights.write.wording import figure, listed, quoted, signed

NAMED = 3  # themes in one sentence


def period_before(facts: Facts) -> str:
    """“the month before”, “the 30 days before”: what the facts are compared with."""
    period = facts.get("period") or {}
    days, months = period.get("days", 0), period.get("months", 0)
    if months == 1:
        return _("the month before")
    if months:
        return ngettext("the %(n)s month before", "the %(n)s months before", months) % {"n": number(months)}
    names = {1: _("the day before"), 7: _("the week before")}
    return names.get(days) or ngettext("the %(n)s day before", "the %(n)s days before", days) % {"n": number(days)}


def _since(facts: Facts) -> tuple[str, ...]:
    """The paths behind period_before."""
    return ("period/days",) if facts.get("period") else ()


def participation(facts: Facts) -> Sentence | None:
    """How many answered, beside the period before; None where nobody could be compared."""
    period = facts.get("period")
    if not period:
        return None
    n, before = period["n"], period["before"]
    values = {"n": number(n), "before": number(before), "period": period_before(facts)}
    text = ngettext(
        "%(n)s answer, after %(before)s in %(period)s.", "%(n)s answers, after %(before)s in %(period)s.", n
    )
    if any(poll["anonymous"] for poll in facts["polls"]):  # they are told whole, so no days can be compared
        text = ngettext(
            "Without anonymous polls: %(n)s answer, after %(before)s in %(period)s.",
            "Without anonymous polls: %(n)s answers, after %(before)s in %(period)s.", n,
        )  # fmt: skip
    return Sentence(text % values, ("period/n", "period/before", *_since(facts)))


def was(facts: Facts, finding: Finding) -> str:
    """What the figure of a finding was in the period before, to stand beside it; "" where it was not asked, too few said so,
    or `moved` says it."""
    if not facts.get("period") or moved(facts, finding) is not None:
        return ""
    when, question = period_before(facts), at(facts, finding.about)
    if finding.kind in ("score", "rating"):
        value = question.get("nps_before" if finding.kind == "score" else "mean_before")
        if value is None:
            return ""
        return _("%(before)s in %(when)s") % {
            "before": signed(value) if finding.kind == "score" else number(value, 1),
            "when": when,
        }
    fact, base = _before(facts, finding)
    if not base or fact["before"] is None:
        return ""
    return _("%(before)s in %(when)s") % {"before": figure(fact["before"], base), "when": when}


def _before(facts: Facts, finding: Finding) -> tuple[Facts, int]:
    """The fact that says what was before, and its base; 0 where there is none."""
    if finding.kind not in ("mood", "theme", "leading"):
        return {}, 0
    fact = at(facts, "mood" if finding.kind == "mood" else finding.at)
    return fact, (fact.get("n_before") or at(facts, finding.about).get("n_before") or 0) if "change" in fact else 0


def moved(facts: Facts, finding: Finding) -> Sentence | None:
    """That the figure of a finding moved by more than chance; None where it did not."""
    fact, base = _before(facts, finding)
    if not facts.get("period") or not base or fact["change"] not in ("new", "grew", "faded"):
        return None
    path = "mood" if finding.kind == "mood" else finding.at
    when, rests = period_before(facts), (f"{path}/change", f"{path}/before", *_since(facts))
    if fact["change"] == "new":
        text = _("New: fewer than %(k)s wrote of it before.")
        return Sentence(text % {"k": number(facts["smallest_group"])}, (*rests, "smallest_group"))
    if fact["before"] is None:
        text = _("It has grown: fewer than %(k)s wrote of it in %(when)s.")
        if finding.kind == "leading":
            text = _("It has grown: fewer than %(k)s chose it in %(when)s.")
        return Sentence(text % {"k": number(facts["smallest_group"]), "when": when}, (*rests, "smallest_group"))
    text = _("Up from %(before)s in %(when)s.") if fact["change"] == "grew" else _("Down from %(before)s in %(when)s.")
    return Sentence(text % {"before": figure(fact["before"], base), "when": when}, rests)


def changes(facts: Facts, told: Sequence[Finding] = (), most: int = NAMED) -> list[Sentence]:
    """Themes that are new, grew, faded or were answered, a sentence for each kind; those in `told` say so themselves.

    Where themes were compared and none moved, that. Empty where nothing was compared.
    """
    own = {f.at for f in told if f.kind == "theme"}
    coarse = [(f"themes/{i}", t) for i, t in enumerate(facts["themes"]) if t["parent"] is None]
    themes = (
        [*coarse, *((f"faded/{i}", t) for i, t in enumerate(facts.get("faded", [])))] if facts.get("period") else []
    )
    out = []
    for kind in ("new", "grew", "faded"):
        some = [(path, t) for path, t in themes if t.get("change") == kind and path not in own]
        if some:
            out.append(_moved_themes(facts, kind, some[:most]))
    if facts.get("answered"):
        out.append(_answered(facts, most))
    compared = [t for _path, t in themes if t.get("change")]
    if compared and all(t["change"] == "same" for t in compared):
        text = _("Of the themes that could be compared with %(when)s, none moved beyond chance.") % {
            "when": period_before(facts)
        }
        out.append(
            Sentence(text, ("themes", *(f"{path}/change" for path, t in themes if t.get("change")), *_since(facts)))
        )
    return out


def _moved_themes(facts: Facts, kind: str, some: Sequence[tuple[str, Facts]]) -> Sentence:
    parts, rests = [], []
    for path, theme in some:
        label = quoted(theme["label"], (6, 40))
        if kind == "new":
            parts.append(_("%(label)s (%(count)s)") % {"label": label, "count": number(theme["count"])})
            rests += [f"{path}/label", f"{path}/count"]
        elif "count" not in theme:
            parts.append(
                _("%(label)s (%(before)s before, now fewer than %(k)s)")
                % {"label": label, "before": number(theme["before"]), "k": number(facts["smallest_group"])}
            )
            rests += [f"{path}/label", f"{path}/before", "smallest_group"]
        else:
            shares = figure(theme["before"] or 0, theme["n_before"]), figure(theme["count"], theme["n"])
            words = (
                _("%(label)s, from %(before)s to %(now)s")
                if theme["before"] is not None
                else _("%(label)s, to %(now)s")
            )
            parts.append(words % {"label": label, "before": shares[0], "now": shares[1]})
            rests += [f"{path}/label", f"{path}/before", f"{path}/count"]
        rests.append(f"{path}/change")
    texts = {
        "new": _("New in the comments: %(themes)s."),
        "grew": _("Grown since %(when)s: %(themes)s."),
        "faded": _("Faded since %(when)s: %(themes)s."),
    }
    return Sentence(texts[kind] % {"themes": listed(parts), "when": period_before(facts)}, (*rests, *_since(facts)))


def _answered(facts: Facts, most: int) -> Sentence:
    some = list(enumerate(facts["answered"]))[:most]
    parts = [
        ngettext("%(label)s after %(n)s day", "%(label)s after %(n)s days", one["days"])
        % {"label": quoted(one["label"], (6, 40)), "n": number(one["days"])}
        for _i, one in some
    ]
    rests = tuple(f"answered/{i}/{name}" for i, _one in some for name in ("label", "days"))
    return Sentence(_("Answered: %(themes)s.") % {"themes": listed(parts)}, rests)


def waiting(facts: Facts, theme: int) -> Sentence | None:
    """Since when a theme waits for an answer; None where it does not, or the facts do not say."""
    for i, one in enumerate(facts.get("open", [])):
        if one["theme"] == theme:
            since = date.fromisoformat(one["since"])
            text = _("No answer yet to what people have written since %(day)s.") % {"day": day(since)}
            return Sentence(text, (f"open/{i}/since", f"open/{i}/count"))
    return None


def open_themes(facts: Facts) -> list[Sentence]:
    """The themes that wait, the longest first: their size, since when, and how many days that is at the period's end."""
    out = []
    for i, one in enumerate(facts.get("open", [])):
        values = {
            "label": quoted(one["label"], (20, 120)),
            "day": day(date.fromisoformat(one["since"])),
            "n": number(one["count"]),
        }
        days = one.get("days")
        if days:
            text = ngettext("%(label)s: waits since %(day)s, %(days)s day; %(n)s comments so far.",
                            "%(label)s: waits since %(day)s, %(days)s days; %(n)s comments so far.", days)  # fmt: skip
            values["days"] = number(days)
        else:
            text = _("%(label)s: waits since %(day)s; %(n)s comments so far.")
        out.append(
            Sentence(
                text % values,
                tuple(f"open/{i}/{name}" for name in ("label", "since", "count", *(["days"] if days else []))),
            )
        )
    return out


def loop_times(facts: Facts) -> Sentence | None:
    """How long answers took, from the fifth comment on a theme to its first public answer."""
    loop = facts.get("loop") or {}
    if not loop.get("themes"):
        return None
    days = loop["median"]
    if loop["themes"] == 1:
        text = ngettext("One theme got its first answer, after %(days)s day.", "One theme got its first answer, after %(days)s days.",
                        int(days))  # fmt: skip
        return Sentence(text % {"days": number(days, _digits(days))}, ("loop/median", "loop/themes"))
    text = ngettext(
        "%(n)s themes got their first answer, at least half of them within %(days)s day, the slowest after %(longest)s.",
        "%(n)s themes got their first answer, at least half of them within %(days)s days, the slowest after %(longest)s.",
        ceil(days),
    )
    values = {"n": number(loop["themes"]), "days": number(days, _digits(days)), "longest": number(loop["longest"])}
    return Sentence(text % values, ("loop/themes", "loop/median", "loop/longest"))


def _digits(value: float) -> int:
    return 0 if value == int(value) else 1


def urgent(facts: Facts) -> Sentence | None:
    """Comments that somebody should read today; None where there are none."""
    found = facts.get("urgent") or {}
    if found.get("count"):
        text = ngettext(
            "%(count)s comment speaks of danger or harm, or says that it is urgent. Somebody should read it today.",
            "%(count)s comments speak of danger or harm, or say that it is urgent. Somebody should read them today.", found["count"],
        )  # fmt: skip
        return Sentence(text % {"count": number(found["count"])}, ("urgent/count",))
    if found.get("few"):
        text = _(
            "A few comments (fewer than %(k)s) speak of danger or harm, or say that it is urgent. Somebody should read them today."
        )
        return Sentence(text % {"k": number(facts["smallest_group"])}, ("urgent/few", "smallest_group"))
    return None


def promise(facts: Facts, i: int) -> Sentence:
    """One public answer: what, for which theme, how far, by when and in whose hands (a role, never a name)."""
    action = facts["actions"][i]
    texts = {
        "planned": _("Planned since %(day)s: %(title)s, for %(label)s."),
        "doing": _("Under way since %(day)s: %(title)s, for %(label)s."),
        "done": _("Done on %(day)s: %(title)s, for %(label)s."),
        "declined": _("Not now, said on %(day)s: %(title)s, for %(label)s."),
    }
    values = {
        "day": day(date.fromisoformat(action["on"])),
        "title": quoted(action["title"], (20, 200)),
        "label": quoted(action["label"], (20, 120)),
    }
    said, rests = (
        [texts[action["status"]] % values],
        [f"actions/{i}/{name}" for name in ("title", "label", "on", "status")],
    )
    if action.get("due") and action["status"] in ("planned", "doing"):
        text = _("It was due on %(day)s.") if action["overdue"] else _("Due on %(day)s.")
        said.append(text % {"day": day(date.fromisoformat(action["due"]))})
        rests += [f"actions/{i}/due", f"actions/{i}/overdue"]
    if action.get("owner") and action["status"] in ("planned", "doing"):
        said.append(_owner(action["owner"]))
        rests.append(f"actions/{i}/owner")
    return Sentence(" ".join(said), tuple(rests))


def _owner(role: str) -> str:
    return {
        "owner": _("An owner of the community sees to it."), "manager": _("A manager sees to it."),
        "analyst": _("An analyst sees to it."),
    }.get(role, _("A member of the team sees to it."))  # fmt: skip


def promises(facts: Facts) -> Sentence | None:
    """How many promises are past their day; None where none is."""
    overdue = (facts.get("promised") or {}).get("overdue", 0)
    if not overdue:
        return None
    text = ngettext("%(n)s promise is past its day.", "%(n)s promises are past their day.", overdue)
    return Sentence(text % {"n": number(overdue)}, ("promised/overdue",))
