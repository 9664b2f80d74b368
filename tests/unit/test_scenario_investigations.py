"""Investigations that contradict themselves are refused, and it is reported how to fix them."""

import pytest

from tests.support.scenarios import SMALL, faults

SOUND = """\
online_abuse:
  referrals_per_year: 100
  checks: {officers: 2}
  search: {officers: 4, crew_size: 2}
  triage: {kits: 1, trained_officers: 1}
  grading: {officers: 2}
crime: {crimes_per_year: 100, investigators: 3}
"""


def test_what_is_sound_is_sound(write):
    assert faults(write("met.yaml", SMALL + SOUND)) == []


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "online_abuse.triage.trained_officers=0",
            "met.yaml:16: online_abuse.triage.kits: there are kits (1) and no trained officer to use them; give "
            "trained_officers as well",
        ),
        (
            "online_abuse.triage.kits=0",
            "met.yaml:16: online_abuse.triage.trained_officers: there are trained officers (1) and no kit; give kits "
            "as well",
        ),
        (
            "online_abuse.checks.officers=0",
            "--set online_abuse.checks.officers=0: online_abuse.checks.officers: nobody is there to check referrals, "
            "and every case would wait for ever; at least 1 is needed",
        ),
        (
            "online_abuse.search.crew_size=5",
            "met.yaml:15: online_abuse.search.officers: 4 officers, 4 of them on duty, make up no crew of 5; nobody "
            "would be searched",
        ),
        (
            "crime.investigators=0",
            "--set crime.investigators=0: crime.investigators: nobody is there to investigate, and every crime would "
            "wait for ever; at least 1 is needed",
        ),
        (
            "online_abuse.grades={low: 0.5, medium: 0.1, high: 0.1, very_high: 0.1}",
            "--set online_abuse.grades={low: 0.5, medium: 0.1, high: 0.1, very_high: 0.1}: online_abuse: shares must "
            "add up to 1, these give 0.5 + 0.1 + 0.1 + 0.1 = 0.8",
        ),
    ],
)
def test_what_contradicts_itself(write, setting, said):
    assert faults(write("met.yaml", SMALL + SOUND), setting) == [said]


def test_a_joint_team_needs_somebody_to_be_joined_with(write):
    alone = SOUND[: SOUND.index("crime:")] + "  team: joint\n"
    assert faults(write("met.yaml", SMALL + alone)) == [
        "met.yaml:18: online_abuse.team: joint needs crime investigators to be joined with; give "
        "crime.crimes_per_year, or write central"
    ]


def test_a_lever_may_not_take_everybody_away(write):
    lever = "levers: [{from: 2025-01-01, set: {crime.investigators: 0}}]\n"
    (said,) = faults(write("met.yaml", SMALL + SOUND + lever))
    assert said.startswith("met.yaml:19: crime.investigators: nobody is there to investigate")
