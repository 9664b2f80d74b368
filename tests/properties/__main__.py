"""The whole campaign in one command.

python -m tests.properties --validations 10000 --simulations 500 --seed 1
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from tests.properties.campaign import simulations, validations


def main() -> None:
    """Run it, and print the seed and what was done."""
    parser = argparse.ArgumentParser(description="Mutated scenarios and caseload files: validated, and simulated.")
    parser.add_argument("--validations", type=int, default=10_000)
    parser.add_argument("--simulations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    for campaign, number in ((validations, asked.validations), (simulations, asked.simulations)):
        if number:
            began = time.monotonic()
            print(f"{words(campaign(number, asked.seed))}; {time.monotonic() - began:,.0f} s", flush=True)
    print("No crash, and everything held.")


def words(found: Counter[str]) -> str:
    """`10,000 validations, 2,391 valid, …`"""
    return ", ".join(f"{number:,} {what}" for what, number in found.items())


if __name__ == "__main__":
    main()
