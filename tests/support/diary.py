"""A listener for tests of what is simulated, and what is not done again."""

from sim.runs.errors import Outcome
from sim.runs.precision import Precision
from sim.runs.run_plan import Plan, ProgressListener, RunPlan


class Diary(ProgressListener):
    """Writes down what a command plans and simulates; presses Ctrl-C after so many replications if asked."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.plans: list[Plan] = []
        self.simulated: list[tuple[str, int]] = []
        self.looks: list[int] = []
        """How far each look at the precision goes on."""
        self.stop_after = stop_after

    def on_plan(self, plan: Plan) -> None:
        self.plans.append(plan)

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        assert not outcome.error, outcome.traceback
        self.simulated.append((run.folder.name, outcome.replication))
        if len(self.simulated) == self.stop_after:
            raise KeyboardInterrupt

    def on_precision(self, known: Precision, replications: int) -> None:
        self.looks.append(replications)

    @property
    def replications(self) -> list[int]:
        """The numbers of those simulated, of whichever run."""
        return [replication for _, replication in self.simulated]
