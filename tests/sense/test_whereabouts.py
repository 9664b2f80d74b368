"""Where offenders are: custody ends what nobody knew, and who has left home untold does not move house."""

from __future__ import annotations

import math

from tests.support.force import QUIET, simulate_force

LEAVING = (*QUIET, "missing.leave_home_per_year=0.5", "visits.no_contact={announced: 0, unannounced: 0}")
A_VISIT_AT_MOST = 0.5
"""Days from its beginning to the end of its write-up."""


def test_who_left_home_and_was_taken_into_custody_is_at_home_after_release() -> None:
    recalled = ("register.recalls_per_year=2", "register.recall_days=10")
    found_again = 0
    events = simulate_force(*LEAVING, *recalled).events
    for _, life in events[events.offender >= 0].groupby("offender"):
        gone_since = math.inf
        for event in life.itertuples():
            if event.event == "left_home":
                gone_since = event.day
            elif event.event == "to_custody":
                found_again += gone_since < math.inf
                gone_since = math.inf
            elif event.event == "visit":
                begun = event.day - A_VISIT_AT_MOST
                assert (
                    event.outcome == ("no_contact" if gone_since < begun else "seen") or begun < gone_since < event.day
                )
    assert found_again > 20


def test_who_left_home_untold_does_not_move_to_another_team() -> None:
    events = simulate_force(*LEAVING, "register.moves_between_teams_per_year=1").events
    assert (events.event == "moved").sum() > 50
    left = events[events.event == "left_home"].groupby("offender").day.min()
    moved = events[events.event == "moved"].groupby("offender").day.max()
    assert (moved < left.reindex(moved.index, fill_value=float("inf"))).all()
