"""The reference page of the scenario file, made from the schema: every key with meaning, unit, range and default."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import join_words
from sim.scenario.values import one_line

_LEVELS = join_words([f"`{level}`" for level in RISK_LEVELS])

RENEW = "python -m sim schema --out docs/scenario.schema.json --reference docs/scenario.md"
"""The command that renews both generated files."""

INTRODUCTION = f"""# The scenario file

Made from the schema by `{RENEW}`; do not edit it here.

A scenario is a YAML file. `extends: other.yaml` takes everything from another file; the new file then has
only the differences. Sections merge key by key; a list replaces the whole list of the other file, so a file with
`teams` or `levers` must write all of them. On the command line `--set officers.total=320` changes one value for one
run; dots lead into sections, numbers into lists (`teams.0.officers`, the first team being 0). With
`--from 2027-04-01` all `--set` of the command hold from that date on, as a lever.

- **By risk**: a value for each of {_LEVELS}, or one value for all of them.
- **Counts**: a number for each of {_LEVELS}, or one number, the total of the force.
- **Distribution**: how a quantity varies from case to case. A bare number is a constant; otherwise
  `{{distribution: exponential, mean: 60}}`, `{{distribution: gamma, mean: 5, cv: 0.5}}`, the same with `lognormal`,
  or `{{distribution: uniform, low: 1, high: 3}}`. `cv` is the standard deviation divided by the mean.
- **Lever**: keys marked *yes* may change on a date, see [levers](#levers). Levers add up in the order of their
  dates; two of one date may not set one key to different values.
- A key that is to have its default need not be written.
"""


def reference_page() -> str:
    """The whole page in Markdown."""
    top = scenario_keys()
    return "\n".join([INTRODUCTION, *_chapter(top, "## ")]).rstrip() + "\n"


def _chapter(section: Key, heading: str) -> Iterator[str]:
    """A table of the keys of a section, then a chapter for each section, list or table in it."""
    singles = [child for child in section.children.values() if not _inside(child)]
    if singles:
        yield from ("| key | meaning | unit | allowed | default | lever |", "|---|---|---|---|---|---|")
        yield from map(_row, singles)
        yield ""
    for child in section.children.values():
        if inside := _inside(child):
            yield from (f"{heading}{child.name}", "", _introduced(child), "")
            yield from _chapter(inside, "### ")


def _inside(key: Key) -> Key | None:
    """The section that a key is, or that each of its entries is."""
    section = key.each if key.kind in ("list", "table") else key
    return section if section and section.kind == "section" else None


def _introduced(key: Key) -> str:
    if key.kind == "list":
        default = f" Default: `{one_line(key.default)}`." if key.default else ""
        return f"{key.meaning} A list; N counts its entries from 0.{default}"
    return f"{key.meaning} Each entry stands under the dotted KEY it speaks of." if key.kind == "table" else key.meaning


def _row(key: Key) -> str:
    default = "required" if key.required else "–" if key.default in (None, "") else f"`{one_line(key.default)}`"
    lever = "yes" if key.lever else "no"
    cells = (f"`{key.name}`", f"**{key.title}.** {key.meaning}", key.unit or "–", key.allowed, default, lever)
    return f"| {' | '.join(cells)} |"
