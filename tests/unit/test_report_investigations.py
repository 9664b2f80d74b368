"""What the first screen and the figures say of investigations, on two short replications of a shipped scenario."""

import io
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from sim.measure import tabulate
from sim.model import simulate
from sim.report.answers import print_answer
from sim.report.figures.run import pictures
from sim.runs.result import RunResult
from sim.runs.summary import ReplicationsTable
from sim.scenario import read

AS_IS = Path(__file__).parents[2] / "scenarios" / "operating-model" / "as-is.yaml"
SHORT = ("end=2024-12-31", "levers=[]", "caseload.total=120", "officers.total=12")
NO_CASES = (
    "online_abuse.referrals_per_year=0",
    *(f"online_abuse.at_start.{step}.cases=0" for step in ("search", "digital_forensics", "grading")),
)
NO_CRIMES = ("crime.crimes_per_year=0", "crime.at_start.experienced=0", "crime.at_start.inexperienced=0")


@cache
def result(*settings: str) -> RunResult:
    scenario = read(AS_IS, (*SHORT, *settings)).scenario
    tables = [tabulate(scenario, simulate(scenario, replication)) for replication in (1, 2)]
    together = ReplicationsTable.of(tables)
    ends = together.ends((1, 2))
    return RunResult(
        scenario, Path("results/as-is"), (1, 2), *together.summarised(scenario.start), replication_ends=ends
    )


def screen(*settings: str) -> str:
    out = io.StringIO()
    print_answer(result(*settings), Console(file=out))
    return " ".join(out.getvalue().split())


def test_the_screen_says_what_waits_who_is_unmanaged_and_who_holds_too_much():
    text = screen()
    for words in (
        "Online child abuse Open cases, at the end:",
        "Suspects not acted on in time: ",
        "; days the oldest has been there: ",
        "Devices returned within 3 months:",
        "Unmanaged suspects with access to children:",
        "No further action:",
        "Crime investigation Open crimes per investigator, on average: experienced",
        "Investigators with more than 25 crimes: experienced",
        "Days to an outcome: experienced",
    ):
        assert words in text
    assert text.index("Workload") < text.index("Online child abuse") < text.index("Recovery")


@pytest.mark.parametrize(
    ("settings", "there", "not_there"),
    [(NO_CRIMES, "Online child abuse", "Crime investigation"), (NO_CASES, "Crime investigation", "Online child abuse")],
)
def test_a_part_that_is_off_is_not_reported(settings, there, not_there):
    assert there in screen(*settings)
    assert not_there not in screen(*settings)
    drawn = [picture.name for picture in pictures(result(*settings))]
    assert ("online_abuse" in drawn) == (there == "Online child abuse")
    assert ("crime_investigation" in drawn) == (there == "Crime investigation")


def test_titles_of_the_figures_are_findings():
    titles = {picture.name: picture.title for picture in pictures(result())}
    assert titles["online_abuse"].startswith("Devices at the digital forensics unit ")
    assert titles["online_abuse"].endswith("of cases end in no further action")
    assert titles["crime_investigation"].startswith("Open crimes per inexperienced investigator ")
    assert titles["crime_investigation"].endswith("of them hold more than 25 crimes")


def test_the_machine_summary_has_its_groups():
    summary = result().summary
    by_experience = summary[summary.metric == "crimes_per_investigator"]
    assert set(by_experience.group) == {"total", "experienced", "inexperienced"}
    by_grade = summary[summary.metric == "unmanaged_days"]
    assert set(by_grade.group) == {"total", "low", "medium", "high", "very_high"}
    assert '"inexperienced"' in result().to_json()
