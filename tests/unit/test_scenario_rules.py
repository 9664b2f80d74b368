"""Rules between keys: the horizon, the teams, what assumptions speak of; and what is allowed although it is small."""

import pytest

from sim.scenario import read
from tests.support.scenarios import SMALL, faults

BEFORE, AFTER = SMALL[: SMALL.index("teams:")], SMALL[SMALL.index("caseload:") :]


def with_teams(*teams, more=""):
    """The small scenario with other teams, the first of them on line 5."""
    return f"{BEFORE}teams:\n" + "".join(f"  - {{{team}}}\n" for team in teams) + AFTER + more


def test_the_end_before_the_start(write):
    text = SMALL.replace("2025-08-31", "2024-09-01")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:3: end: 2024-09-01 is before the first day, 2024-09-02; the shortest horizon is that one day"
    ]


def test_a_horizon_of_one_day(write):
    scenario = read(write("met.yaml", SMALL.replace("2025-08-31", "2024-09-02"))).scenario
    assert scenario.horizon_days == 1


def test_a_force_without_officers(write):
    teams = ("name: A, officers: 0, offenders: 10", "name: B, officers: 0, offenders: 5")
    assert read(write("met.yaml", with_teams(*teams))).scenario.headcounts == [(0, 10), (0, 5)]
    with_total = write("met.yaml", SMALL + "officers: {total: 0}\n")
    assert read(with_total).scenario.headcounts == [(0, 500), (0, 300)]


def test_a_force_without_offenders(write):
    teams = ("name: A, officers: 3, offenders: 0",)
    assert read(write("met.yaml", with_teams(*teams))).scenario.headcounts == [(3, 0)]


def test_two_teams_of_one_name(write):
    text = with_teams("name: A, officers: 1, offenders: 1", "name: A, officers: 1, offenders: 1")
    assert faults(write("met.yaml", text)) == [
        'met.yaml:6: teams.1.name: "A" is taken already, at met.yaml:5; name each team differently'
    ]


def test_a_team_that_gives_both_or_neither(write):
    text = with_teams("name: A, officers: 1, officers_share: 1, offenders: 1", "name: B, officers: 1")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:5: teams.0: gives both officers and officers_share; keep one of them",
        "met.yaml:6: teams.1: gives neither offenders nor offenders_share; add offenders: …",
    ]


def test_teams_that_count_and_teams_that_share(write):
    text = with_teams(
        "name: A, officers: 1, offenders: 1",
        "name: B, officers_share: 1, offenders: 1",
        "name: C, officers: 1, offenders: 1",
    )
    assert faults(write("met.yaml", text)) == [
        "met.yaml:6: teams.1: gives officers_share and other teams officers; give the same for all"
    ]


def test_shares_that_do_not_add_up(write):
    text = with_teams(
        "name: A, officers_share: 0.5, offenders_share: 0.6",
        "name: B, officers_share: 0.4, offenders_share: 0.6",
        more="officers: {total: 10}\n",
    ).replace("caseload:\n", "caseload:\n  total: 100\n")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:4: teams: offenders_share must add up to 1, these give 0.6 + 0.6 = 1.2",
        "met.yaml:4: teams: officers_share must add up to 1, these give 0.5 + 0.4 = 0.9",
    ]


def test_many_shares_are_not_all_repeated(write):
    teams = [f"name: T{number}, officers_share: 0.05, offenders: 1" for number in range(13)]
    assert faults(write("met.yaml", with_teams(*teams, more="officers: {total: 5}\n"))) == [
        "met.yaml:4: teams: officers_share must add up to 1, these give 13 shares = 0.65"
    ]


@pytest.mark.parametrize(("last", "fine"), [(0.3339, True), (0.335, False)])
def test_shares_may_miss_one_by_rounding(write, last, fine):
    teams = [f"name: T{share}, officers_share: {share}, offenders: 1" for share in (0.333, 0.3331, last)]
    found = faults(write("met.yaml", with_teams(*teams, more="officers: {total: 5}\n")))
    assert (found == []) is fine


def test_a_share_that_is_no_number_is_reported_once(write):
    text = with_teams(
        "name: A, officers_share: half, offenders: 1",
        "name: B, officers_share: 0.4, offenders: 1",
        more="officers: {total: 10}\n",
    )
    assert faults(write("met.yaml", text)) == ['met.yaml:5: teams.0.officers_share: "half" is not a number']


def test_shares_of_nothing(write):
    text = with_teams("name: A, officers_share: 1, offenders: 3")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:5: teams.0.officers_share: of how many? Add officers.total, or give each team a number"
    ]


def test_a_total_among_teams_of_nobody(write):
    text = with_teams("name: A, officers: 0, offenders: 3", more="officers: {total: 7}\n")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:11: officers.total: 7 cannot be shared among teams that all have officers: 0"
    ]


def test_an_assumption_about_no_key(write):
    names = ("visits.no_contct", "budget", "teams.0.officers")
    text = SMALL + "assumptions:\n" + "".join(f"  {name}: {{quality: red}}\n" for name in names)
    assert faults(write("met.yaml", text)) == [
        "met.yaml:13: assumptions.visits.no_contct: unknown key, did you mean visits.no_contact?",
        "met.yaml:14: assumptions.budget: unknown key; docs/scenario.md lists them all",
    ]


def test_rules_and_schema_speak_together(write):
    text = SMALL.replace("2025-08-31", "2024-09-01").replace("officers: 10", "officers: ten") + "sed: 1\n"
    assert faults(write("met.yaml", text)) == [
        "met.yaml:3: end: 2024-09-01 is before the first day, 2024-09-02; the shortest horizon is that one day",
        'met.yaml:5: teams.0.officers: "ten" is not a whole number',
        "met.yaml:12: sed: unknown key, did you mean seed?",
    ]


def test_a_share_overdue_that_numbers_by_level_stand_in_for(write):
    levels = "overdue_visits_at_start: {low: 3, medium: 2, high: 1, very_high: 0}"
    write("met.yaml", SMALL)
    file = write("mine.yaml", f"extends: met.yaml\ncaseload: {{overdue_at_start: 0.2, {levels}}}\n")
    assert faults(file) == []  # the numbers stand in the place of the share, as the page of all keys says
    (fault,) = faults(file, "caseload.overdue_at_start=0.5")
    assert fault.startswith("--set caseload.overdue_at_start=0.5: caseload.overdue_at_start: has no effect, as ")
    total = write("total.yaml", "extends: met.yaml\ncaseload: {overdue_visits_at_start: 6}\n")
    assert faults(total, "caseload.overdue_at_start=0.5") == []  # a total is shared as the shares would share it
