"""The officers: who holds which post, training, part time and planned absence.

A post keeps its row, its caseload and its team; the officers who hold it one after the other have random numbers of
their own. After the posts of a team come the officers of its surge team, who hold no caseload.
"""

from __future__ import annotations

import numpy as np

from sim.model.calendar import COURT_BLOCK_DAYS, LEAVE_BLOCK_DAYS, abstraction_in_turn, away_in_blocks
from sim.model.codes import ABSTRACTION, AT_COURT, DAYS_PER_YEAR, ON_LEAVE
from sim.model.inputs import Inputs
from sim.model.kernel import streams
from sim.model.policy import draws
from sim.model.records import OFFICER, table
from sim.model.register.identities import Uniforms, stream_of
from sim.scenario import Scenario

_SURGE = " (surge team)"
"""Officers of a team's surge team have random numbers of their own, however many posts the team has."""


class Staff:
    """The officers of one replication: their rows, `officers`, and their planned absence, `away`.

    `away`: bits of `codes.ON_LEAVE` and so on, or 0, int8 of shape (days worked, officers). Days that fall due
    together, or while the officer is sick or on a course, are taken later.
    """

    def __init__(self, inputs: Inputs, clock: np.record, teams: np.ndarray, surge: list[int]) -> None:
        self._inputs = inputs
        self._clock = clock
        self.officers = officers = table(OFFICER, int(teams["officers"].sum()))
        officers["caseload"] = -1
        officers["hours_share"] = 1.0
        officers["team"] = team = np.repeat(np.arange(len(teams)), teams["officers"])
        self._number = np.arange(len(officers)) - teams["first_officer"][team]  # within the team
        posts = (teams["officers"] - surge)[team]
        self.is_surge = self._number >= posts
        officers["index"] = np.where(self.is_surge, self._number - posts, self._number)
        for rows, which in ((~self.is_surge, ""), (self.is_surge, _SURGE)):
            stream_numbers = np.array([stream_of(of_team.name + which) for of_team in inputs.scenario.teams], np.uint32)
            officers["stream"][rows] = stream_numbers[team[rows]]
        uniforms = Uniforms(clock.seed, clock.replication)
        self._of_absence = uniforms.of(streams.PLANNED_ABSENCE, officers)
        self.of_post = uniforms.of(streams.POST, officers)
        self.of_holder = uniforms.of(streams.HOLDER, officers)
        self._filled = np.ones(len(self.officers), bool)
        self._taught = np.zeros(len(self.officers), bool)
        self._known_posts = np.zeros(len(self.officers), bool)
        service = inputs.scenario.turnover.service_years_at_start
        self.began = -DAYS_PER_YEAR * draws(service, self.of_post[1])  # the day on which the officer joined
        self.long_away = np.zeros(len(self.officers), bool)
        self.away = self._planned_absence()

    def _planned_absence(self) -> np.ndarray:
        inputs, days, phases = self._inputs, self._inputs.days_worked, self._of_absence
        away = np.zeros((len(days), len(self.officers)), np.int8)
        leave = inputs.rate(lambda scenario: scenario.officers.leave_days)
        court = inputs.rate(lambda scenario: scenario.officers.court_and_training_days)
        shares = inputs.abstraction_share_by_day
        if shares.any():
            away[abstraction_in_turn(days, shares, self.of_post[0])] = ABSTRACTION
        away[away_in_blocks(days, court, COURT_BLOCK_DAYS, phases[1])] |= AT_COURT
        away[away_in_blocks(days, leave, LEAVE_BLOCK_DAYS, phases[0])] |= ON_LEAVE
        return away

    def set_posts(self, posts: list[int]) -> None:
        """Each team has so many posts from now on."""
        has_post = self._number < np.array(posts, int)[self.officers["team"]]
        self.officers["post"] = np.where(self.is_surge, self.officers["post"], has_post)
        self._settle()

    def surge_team(self, at_work: bool) -> None:
        """The surge team is at work from now on, or no longer."""
        self.officers["post"][self.is_surge] = at_work
        self._settle()

    def _settle(self) -> None:
        self.officers["in_post"] = (self.officers["post"] == 1) & self._filled

    def new_posts(self) -> list[int]:
        """Rows of the posts that there are today and were not at the last call."""
        rows = np.flatnonzero((self.officers["post"] == 1) & ~self.is_surge & ~self._known_posts)
        self._known_posts[rows] = True
        return rows.tolist()

    def holds(self, row: int, holder: int) -> bool:
        """Is the officer with this number still in the post?"""
        return bool(self._filled[row] and self.officers["holder"][row] == holder)

    def leave(self, row: int) -> None:
        """The post falls vacant."""
        self._filled[row] = False
        self.officers["absent"][row] = 0
        self.officers["on_course"][row] = 0
        self.long_away[row] = False
        self._settle()

    def join(self, row: int, scenario: Scenario, time: float) -> None:
        """The next officer joins in the post."""
        officers, clock = self.officers, self._clock
        self.began[row] = time
        officers["holder"][row] += 1
        officers["toil_hours"][row] = 0.0
        officers["days_due"][row] = officers["any_days_due"][row] = 0
        who = (officers[name][row] for name in ("stream", "index", "holder"))
        self.of_holder[:, row] = streams.uniforms(clock.seed, clock.replication, streams.HOLDER, *who)
        self._filled[row] = True
        self._taught[row] = self.of_holder[2, row] < scenario.turnover.successors_trained_share
        self._settle()
        self.train(scenario)

    def train(self, scenario: Scenario) -> None:
        """Training and part time by the values of today; officers who have been on the course stay trained."""
        first_holder = self.officers["holder"] == 0
        trained = first_holder & (self._of_absence[2] < scenario.officers.trained_share)
        self.officers["trained"] = trained | self._taught | self.is_surge
        part_time = scenario.officers.part_time
        shorter = (self.of_holder[3] < part_time.share) & ~self.is_surge
        self.officers["hours_share"] = np.where(shorter, part_time.hours_share, 1.0)

    def taught(self, row: int) -> None:
        """The officer has been on the course."""
        self._taught[row] = True
        self.officers["trained"][row] = True

    def longest_in_post_untrained(self, seats: int) -> list[int]:
        """Rows of the untrained officers who get the seats of a course: those longest in the post, if at work."""
        officers = self.officers
        here = (officers["in_post"] == 1) & (officers["on_course"] == 0) & (officers["absent"] == 0)
        rows = np.flatnonzero(here & (officers["trained"] == 0))
        return rows[np.argsort(self.began[rows], kind="stable")][:seats].tolist()
