"""The model begins with the caseload of a file: who holds whom, what is due, and whose random numbers are whose."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.model import simulate
from sim.model.codes import BREACH, COMMUNITY, DAYS_PER_YEAR, NEVER
from sim.model.inputs import inputs_of
from sim.model.register.known_caseload import ends_of_known
from sim.model.simulation import Simulation
from sim.runs.run import run_scenario
from sim.scenario import read

SCENARIO = """\
name: A small force
start: 2024-09-02
end: 2024-10-31
teams:
  - {name: North, officers: 2}
  - {name: South, officers: 1}
caseload:
  file: extract.csv
  risk_mix: {low: 1, medium: 0, high: 0, very_high: 0}
visits: {interval_days: {low: 365, medium: 182, high: 91, very_high: 30}, visit_hours: 1, crew: 1}
reviews: {interval_days: 365, hours: 1}
notifications: {interval_days: 365, hours: 1}
breaches: {per_year: 2, found_at_visit: {announced: 0.5, unannounced: 0.5}, enquiry_hours: 1}
register: {new_per_year: 5, deaths_and_moves_per_year: 0.1}
"""
HEADINGS = "risk,team,officer,last_seen,visit_due,review_due,registered,key"
START = dt.date(2024, 9, 2)


@pytest.fixture
def force(write):
    """A scenario with a caseload file of these rows."""

    def with_rows(*rows, scenario=SCENARIO):
        write("extract.csv", "\n".join([HEADINGS, *rows, ""]))
        return read(write("met.yaml", scenario)).scenario

    return with_rows


def first_day(scenario):
    """Today's offenders as the model lays them out, with the officer's row."""
    offenders = Simulation(inputs_of(scenario), 1, 0).offenders
    today = offenders[offenders["state"] == COMMUNITY]
    plain = [field for field in today.dtype.names if today[field].ndim == 1]
    return pd.DataFrame(
        {field: today[field] for field in plain} | {"next_breach": today["next_natural_events"][:, BREACH]}
    )


def days(date):
    return (dt.date.fromisoformat(date) - START).days


def test_offenders_stand_with_their_officers_and_dates(force):
    today = first_day(
        force(
            "high,North,Z,2024-06-20,2024-08-20,2025-02-01,2020-01-01,1",
            "low,North,Y,2024-03-01,2025-03-01,2024-12-01,2021-01-01,2",
            "low,North,Z,2024-04-01,2025-04-01,2024-12-01,2021-01-01,3",
            "medium,South,,2017-05-01,2017-11-01,2024-12-01,2015-01-01,4",
        )
    ).sort_values("last_seen")
    # Officers go by the alphabet; the first to be seen, years ago, is nobody's.
    assert today["caseload"].tolist() == [-1, 0, 1, 1]
    assert today["risk"].tolist() == [1, 0, 0, 2]
    assert today["team"].tolist() == [1, 0, 0, 0]
    assert today["visit_due"].tolist() == [days(d) for d in ("2017-11-01", "2025-03-01", "2025-04-01", "2024-08-20")]
    assert today["review_due"].tolist() == [days("2024-12-01")] * 3 + [days("2025-02-01")]
    assert today["registered"].tolist() == [days(d) for d in ("2015-01-01", "2021-01-01", "2021-01-01", "2020-01-01")]


def test_what_is_not_given_follows_from_what_is(force):
    by_risk = first_day(
        force(
            "low,North,A,2024-03-01,,,,1",
            "medium,North,A,,2024-12-01,,,2",
            "high,North,A,,2025-06-01,,,3",
            "very_high,North,A,,2024-09-10,,2024-08-30,4",
        )
    ).sort_values("risk")
    low, medium, high, very_high = by_risk.itertuples()
    assert low.visit_due == days("2024-03-01") + 365
    assert medium.last_seen == days("2024-12-01") - 182
    assert high.last_seen == 0, "nobody was seen after today"
    assert very_high.last_seen == days("2024-08-30"), "nor before registering"
    assert by_risk["review_due"].between(0, 365).all()
    assert very_high.quiet_since == days("2024-08-30"), "nothing was heard, or not heard, before registering"


def test_caseloads_of_officers_who_are_not_in_post_are_shared_out(force):
    dates = "2024-03-01,2025-03-01,2024-12-01,2020-01-01"
    rows = [
        f"low,North,{officer},{dates},{officer}{n}" for officer in "ABCD" for n in range(5 if officer == "A" else 3)
    ]
    of_officer_a = first_day(force(*rows[:5]))
    today = first_day(force(*rows))
    assert today["caseload"].value_counts().to_dict() == {0: 7, 1: 7}
    assert set(today["index"][today["caseload"] == 0]) > set(of_officer_a["index"])


def test_without_officers_each_gets_a_fair_part_of_each_level(write):
    rows = [f"{risk},North" for risk in ("low", "high") for _ in range(6)]
    write("extract.csv", "\n".join(["risk,team", *rows]))
    today = first_day(read(write("met.yaml", SCENARIO)).scenario)
    assert today.groupby(["caseload", "risk"]).size().to_dict() == {(0, 0): 3, (0, 2): 3, (1, 0): 3, (1, 2): 3}


def test_a_team_without_officers_holds_nobody(force):
    scenario = force("low,South,A,,,,,1", scenario=SCENARIO.replace("officers: 1", "officers: 0"))
    assert first_day(scenario)["caseload"].tolist() == [-1]


def caseload(number):
    """Rows of some offenders, each due within the horizon; of every seven one is unallocated."""
    levels, teams, officers = ("low", "medium", "high"), ("North", "South"), ("B", "A", "B", "A", "A", "A", "")
    return [
        f"{levels[n % 3]},{teams[n % 2]},{officers[n % 7]},2024-0{n % 8 + 1}-15,2024-09-{n % 28 + 3:02},,2020-01-01,"
        f"key-{n}"
        for n in range(number)
    ]


def test_the_order_of_the_file_changes_nothing(force):
    # Officers fall sick, each by random numbers of their own: these must not change hands either.
    rows, sickly = caseload(40), SCENARIO + "officers: {sickness: {spells_per_year: 20, days: 5}}\n"
    first = simulate(force(*rows, scenario=sickly), 1)
    second = simulate(force(*reversed(rows), scenario=sickly), 1)
    assert first.tasks > 0
    assert first.tally.tobytes() == second.tally.tobytes()


def test_the_same_key_has_the_same_random_numbers_whatever_others_are_there(force):
    def random_numbers(rows):
        today = first_day(force(*rows)).set_index(["stream", "index"])
        return today[["review_due", "notification_due", "leaves", "next_breach", "last_seen_unannounced"]].sort_index()

    rows = caseload(30)
    alone = random_numbers(rows[:10])
    among = random_numbers([*rows[10:], *rows[:10]])
    pd.testing.assert_frame_equal(among.loc[alone.index], alone)
    moved = random_numbers([row.replace("South", "North") for row in rows[:10]])
    pd.testing.assert_frame_equal(moved, alone)


def test_the_period_of_a_known_registration_has_not_run_out_yet():
    registered = np.array([-6.0, -6.0, -1.0, -1.0, -30.0, np.nan]) * DAYS_PER_YEAR
    uniform = np.array([0.01, 0.99, 0.49, 0.51, 0.5, 0.5])
    ends = ends_of_known(registered, [0.5, 0.5], np.array([5.0, 10.0]) * DAYS_PER_YEAR, uniform)
    assert ends[:4] == pytest.approx(np.array([4.0, 4.0, 4.0, 9.0]) * DAYS_PER_YEAR)
    assert np.isnan(ends[4:]).all(), "when every period has run out nothing is known"
    assert ends_of_known(registered[:1], [1.0], np.array([NEVER]), uniform[:1]).tolist() == [NEVER]


def test_a_run_is_the_same_in_other_processes_and_saves_no_key(force):
    force(*caseload(40))
    alone = run_scenario("met.yaml", replications=3, workers=1, events=True, out="alone")
    shared = run_scenario("met.yaml", replications=3, workers=2, out="shared")
    pd.testing.assert_frame_equal(alone.summary, shared.summary)
    assert alone.value("overdue_visits").mean is not None
    texts = [file.read_text(encoding="utf-8") for file in Path("alone").glob("*.*") if file.suffix != ".parquet"]
    tables = [pd.read_parquet(file).to_csv() for file in Path("alone").rglob("*.parquet")]
    identities = {str(number) for row in first_day(read("met.yaml").scenario).itertuples() for number in (row.index,)}
    assert len(texts) == 3
    assert len(tables) == 9
    for text in (*texts, *tables):
        assert "key-" not in text
        assert not any(identity in text for identity in identities if len(identity) > 8)


def test_more_replications_go_on_with_the_same_content_under_another_name(force):
    force(*caseload(10))
    run_scenario("met.yaml", replications=1, workers=1, out="kept")
    before = Path("kept/replications/0001.parquet").stat().st_mtime_ns
    Path("extract.csv").rename("moved.csv")
    result = run_scenario("met.yaml", settings=["caseload.file=moved.csv"], replications=2, workers=1, out="kept")
    assert result.replications == 2
    assert Path("kept/replications/0001.parquet").stat().st_mtime_ns == before
