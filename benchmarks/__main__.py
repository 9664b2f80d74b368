"""The caseload benchmark in this program and in other engines, in one run: `python -m benchmarks`.

Every engine simulates the same replications in turn, each in a process of its own, so that a machine whose speed drifts
treats them alike. Engines that hold the whole model must come to identical weekly counts; if one does not, the exit
code is 1. Table and figure go to docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

QUICK = ("end=2024-06-28",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print the table, and put it on the page."""
    from benchmarks.engines import ENGINES, THIS_PROGRAM

    names = [engine.name for engine in ENGINES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each engine has its turn (5)")
    parser.add_argument(
        "--only", nargs="+", choices=names, default=[], metavar="ENGINE", help=f"of {', '.join(names)}; writes no page"
    )
    parser.add_argument("--quick", action="store_true", help="one round of half a year: does it work? Writes no page")
    chosen = parser.parse_args(arguments)
    if chosen.rounds < 1:
        parser.error(f"--rounds: {chosen.rounds} is too few, 1 is the least")

    from benchmarks import comparison, performance_page

    def say(words: str) -> None:
        print(words, file=sys.stderr)

    engines = []
    for engine, why_not in comparison.available(chosen.only):
        if why_not:
            say(f"{engine.name} is left out: {why_not}")
        else:
            engines.append(engine)
    settings = QUICK if chosen.quick else ()
    found = comparison.compare(engines, 1 if chosen.quick else chosen.rounds, settings, say)
    print(performance_page.engine_table(found))
    for sentence in found.disagreements:
        say(f"DIFFERENT: {sentence}")
    if found.disagreements:
        say("The engines no longer simulate the same replication: one of them, or this program, has changed a rule.")
        return 1
    say("The engines that hold the whole model have identical weekly counts.")
    if not chosen.quick and not chosen.only and {THIS_PROGRAM} <= {engine.name for engine in engines}:
        performance_page.renew_engines(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
