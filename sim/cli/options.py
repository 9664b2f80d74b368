"""The options that several commands share, and the rule that an option of one value is given once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

ScenarioFile = Annotated[Path, typer.Argument(help="The scenario file, such as scenarios/met.yaml.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, as officers.total=320. May be repeated."),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="The first day of what --set and --vary change, as 2027-04-01. Default: the first day of the scenario.",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(min=1, max=100_000, help="Number of replications. More give a narrower confidence interval."),
]
Seed = Annotated[
    int | None,
    typer.Option(min=0, max=2**32 - 1, help="Seed for the random numbers. The same seed gives the same results."),
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes to share the work. Default: one per core. Changes no number.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Begin even if it takes more than an hour or most of the free memory.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Make no figures, no page and no workbook.")]
AnswerOut = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where to save the answer. Default: a folder in results.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")]


class EachOptionOnce(TyperCommand):
    """A command that refuses an option with an empty text, and one given twice unless it may be repeated."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Raises a usage error that shows all values of an option given twice."""
        last, order = self._read(ctx, args)
        for option in dict.fromkeys(order):
            name, typed = max(option.opts, key=len), last[option.name]
            if not all(str(text).strip() for text in (typed if isinstance(typed, list | tuple) else [typed])):
                ctx.fail(f"{name} is empty; give it a value, or leave it out")
            has_one_value = option.param_type_name == "option" and not option.multiple and not option.is_flag
            if has_one_value and order.count(option) > 1:
                values = self._values(ctx, args, option)
                times = "twice" if len(values) == 2 else f"{len(values)} times"
                ctx.fail(f"{name} is given {times}: {', '.join(values[:-1])} and {values[-1]}; give it once")
        return super().parse_args(ctx, args)

    def _read(self, ctx: Any, args: Sequence[str]) -> tuple[dict[str, Any], list[Any]]:
        """The last value of each option, and all options in the order given; none if the line cannot be read."""
        try:
            values, _, order = self.make_parser(ctx).parse_args(list(args))
        except typer.TyperException:  # reported when the line is read in earnest
            return {}, []
        return values, order

    def _values(self, ctx: Any, args: Sequence[str], option: Any) -> list[str]:
        from sim.scenario.source.faults import sanitise  # with all of the schema: only when it is needed

        found: list[str] = []
        for end in range(1, len(args) + 1):
            values, order = self._read(ctx, args[:end])
            if order.count(option) > len(found):
                found.append(sanitise(str(values[option.name])))
        return found
