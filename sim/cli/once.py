"""An option of one value is given once: of two the last would hold, and nothing would show that the first does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand


class EachOptionOnce(TyperCommand):
    """A command that refuses an option given twice, unless the option may be repeated or is a mere switch."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Raises a usage error that shows all values of an option given twice."""
        order = self._read(ctx, args)[1]
        for option in dict.fromkeys(order):
            has_one_value = option.param_type_name == "option" and not option.multiple and not option.is_flag
            if has_one_value and order.count(option) > 1:
                values = self._values(ctx, args, option)
                times = "twice" if len(values) == 2 else f"{len(values)} times"
                name = max(option.opts, key=len)
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
        """All values of an option, found by reading ever more of the line."""
        from sim.scenario.source.faults import sanitise

        found: list[str] = []
        for end in range(1, len(args) + 1):
            values, order = self._read(ctx, args[:end])
            if order.count(option) > len(found):
                found.append(sanitise(str(values[option.name])))
        return found
