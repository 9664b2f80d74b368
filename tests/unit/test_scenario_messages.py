"""What the schema refuses, in plain words: what was seen, what is allowed, at which line."""

import pytest

from sim.scenario.source.faults import Fault, Place, ScenarioError, join_words, shown
from tests.support.scenarios import SMALL, faults


def test_a_line_that_is_refused(write):
    for line, message in [
        # a number that is none, or not in its range
        ("officers: {total: 3.5}", "officers.total: 3.5 is not a whole number"),
        ("officers: {total: twelve}", 'officers.total: "twelve" is not a whole number'),
        ("officers: {total: -1}", "officers.total: -1 is below 0"),
        ("officers: {hours_per_week: 0}", "officers.hours_per_week: 0 is below 0.1"),
        ("officers: {hours_per_week: 169}", "officers.hours_per_week: 169 is above 168"),
        ("officers: {available_share: true}", "officers.available_share: a number is wanted, not true"),
        ("officers: {leave_days: yes}", 'officers.leave_days: "yes" is not a number'),
        ("replications: true", "replications: true is not a whole number"),
        ("seed: 4294967296", "seed: 4294967296 is not below 4,294,967,296"),
        ("reviews: {interval_days: nevr}", 'reviews.interval_days: "nevr" is not a number or never'),
        ("reviews: {interval_days: 0}", "reviews.interval_days: 0 is below 1"),
        (
            "register: {periods: [{years: forever, share: 1}]}",
            'register.periods.0.years: "forever" is not a number or indefinite or never',
        ),
        # by risk, and distributions
        ("risk_weights: high", 'risk_weights: "high" is not a number'),
        ("risk_weights: {low: 1, medium: 2, high: 4}", "risk_weights.very_high is missing; add very_high: …"),
        ("risk_weights: [1, 2, 4, 8]", "risk_weights: [1, 2, 4, 8] is not a number"),
        ("reviews: {hours: fast}", 'reviews.hours: "fast" is not a number or a distribution'),
        ("reviews: {hours: [1, 2]}", "reviews.hours: [1, 2] is not a number or a distribution"),
        ("reviews: {hours: {distribution: gamma, mean: 5}}", "reviews.hours: a gamma distribution needs cv"),
        (
            "reviews: {hours: {distribution: normal, mean: 5}}",
            'reviews.hours.distribution: "normal" is not one of constant, exponential, lognormal, gamma or uniform',
        ),
        (
            "reviews: {hours: {mean: 5}}",
            "reviews.hours.distribution is missing: constant, exponential, lognormal, gamma or uniform; "
            "add distribution: …",
        ),
        (
            "notifications: {hours: {distribution: gamma, mean: 1, cv: 1, sd: 2}}",
            "notifications.hours.sd: unknown key; notifications.hours holds distribution, mean, cv, low and high",
        ),
        # words, dates, texts
        (
            "calendar: {work: weekends}",
            'calendar.work: "weekends" is not one of working_days, every_day or around_the_clock',
        ),
        ("calendar: {bank_holidays: no}", 'calendar.bank_holidays: "no" is not true or false'),
        ("about: 2024", "about: 2024 is not a text; put it in quotes"),
        ("about: [a, b]", 'about: ["a", "b"] is not a text'),
        # sections and lists
        ("officers: 320", "officers: 320 is not a section, its keys indented below it"),
        ("officers:", "officers: is empty; write a section, its keys indented below it"),
        (
            "levers: {from: 2024-10-01}",
            'levers: {"from": "2024-10-01"} is not a list, its entries beginning with a dash',
        ),
        ("levers: [tomorrow]", 'levers.0: "tomorrow" is not a section, its keys indented below it'),
        ("levers: [{set: {officers.total: 5}}]", "levers.0.from is missing: First day of the new values; add from: …"),
        (
            "levers: [{from: 2024-10-01, set: {}}]",
            "levers.0.set: is empty; write a section, its keys indented below it",
        ),
        ("register: {periods: []}", "register.periods: is empty; write a list, its entries beginning with a dash"),
        # assumptions
        ("assumptions: {seed: {quality: good}}", 'assumptions.seed.quality: "good" is not one of red, amber or green'),
        (
            "assumptions: {seed: {quality: red, range: [1]}}",
            "assumptions.seed.range: [1] is not two numbers such as [0.1, 0.3]",
        ),
        (
            "assumptions: {seed: {quality: red, range: [1, 2, 3]}}",
            "assumptions.seed.range: [1, 2, 3] is not two numbers such as [0.1, 0.3]",
        ),
        (
            "assumptions: {seed: {quality: red, range: [2, 1]}}",
            "assumptions.seed: range runs from 2 down to 1; write the lower first",
        ),
        ("assumptions: {seed: {quality: red, range: [a, 1]}}", 'assumptions.seed.range.0: "a" is not a number'),
        # shares
        (
            "breaches: {outcome: {warning: 0.5, charge: 0.2}}",
            "breaches.outcome: shares must add up to 1, these give 0.5 + 0.2 + 0 = 0.7",
        ),
        # unknown keys
        ("anounced_share: 1", "anounced_share: unknown key, did you mean visits.announced_share?"),
        ("retry_days: 3", "retry_days: unknown key, did you mean visits.retry_days?"),
        (
            "officers.total: 3",
            "officers.total: unknown key; dots are for --set and levers, here write one key below the other",
        ),
        ("drift: {sideways: 1}", "drift.sideways: unknown key; drift holds up_per_year and down_per_year"),
        ("<<: {seed: 1}", None),
    ]:
        found = faults(write("met.yaml", SMALL + line + "\n"))
        if message is None:
            assert found[0].startswith("met.yaml:12: <<: unknown key; a scenario holds name, about, start")
        else:
            assert found == [f"met.yaml:12: {message}"]


@pytest.mark.parametrize(
    ("interval", "message"),
    [
        (
            "{distribution: gama, mean: 3}",
            '.distribution: "gama" is not one of constant, exponential, lognormal, gamma or uniform',
        ),
        ("{distribution: gamma, mean: 3, cv: 9}", ".cv: 9 is above 5"),
        ("{distribution: gamma, mean: 3, cv: 1, men: 2}", ".men: unknown key, did you mean mean?"),
        (
            "{distribution: uniform, low: 1, high: 2, foo: 2}",
            ".foo: unknown key; visits.interval_days holds distribution, mean, cv, low, high, medium and very_high",
        ),
        ("{distribution: uniform, low: 5, high: 2}", ": low 5 is above high 2"),
        ("{distribution: gamma, mean: 3}", ": a gamma distribution needs cv"),
    ],
)
def test_one_distribution_for_all_risk_levels_is_reported_once(write, interval, message):
    text = SMALL.replace("{low: 365, medium: 182, high: 91, very_high: 30}", interval)
    assert faults(write("met.yaml", text)) == [f"met.yaml:10: visits.interval_days{message}"]


def test_the_key_of_the_design_page(write):
    assert faults(write("met.yaml", SMALL + "  anounced_share: 0.5\n")) == [
        "met.yaml:12: visits.anounced_share: unknown key, did you mean announced_share?"
    ]


def test_a_missing_key_is_reported_at_its_section(write):
    text = SMALL.replace("  visit_hours: 1\n", "").replace("end: 2025-08-31\n", "")
    assert faults(write("met.yaml", text)) == [
        "met.yaml:1: end is missing: The last day that is simulated: by 2100, and at most 50 years after the first; "
        "add end: …",
        "met.yaml:8: visits.visit_hours is missing: Hours at the home when the offender is seen, each officer; "
        "add visit_hours: …",
    ]


def test_what_python_calls_a_key_is_no_key(write):
    assert faults(write("met.yaml", SMALL + "levers: [{from_: 2024-10-01, set: {officers.total: 5}}]\n")) == [
        "met.yaml:12: levers.0.from is missing: First day of the new values; add from: …",
        "met.yaml:12: levers.0.from_: unknown key, did you mean from?",
    ]


def test_a_setting_is_not_blamed_for_what_its_section_lacks(write):
    text = SMALL.replace("  visit_hours: 1\n", "")
    assert [message.partition(":")[0] for message in faults(write("met.yaml", text), "visits.crew=1")] == ["met.yaml"]


def test_a_share_for_one_risk_level_is_reported_where_it_is_written(write):
    text = SMALL + "  announced_share:\n    low: 0.7\n    medium: 0.6\n    high: 1.4\n    very_high: half\n"
    assert faults(write("met.yaml", text)) == [
        "met.yaml:15: visits.announced_share.high: 1.4 is above 1",
        'met.yaml:16: visits.announced_share.very_high: "half" is not a number',
    ]


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        ("2024-13-01", '"2024-13-01" is no date: there is no month 13; for 1 as the month write 2024-01-13'),
        ("13/28/2024", '"13/28/2024" is no date: there is no month 28'),
        ("09/28/2024", '"09/28/2024" is no date: there is no month 28; for 9 as the month write 2024-09-28'),
        ("2024-02-30", '"2024-02-30" is no date: February 2024 has 29 days'),
        ("20240902", "20240902 is not a date such as 2024-09-02"),
        ("2/9/24", '"2/9/24" does not say of which century; write the year with four digits, YYYY-MM-DD or DD/MM/YYYY'),
        ("02.09.2024", '"02.09.2024" is not written YYYY-MM-DD or DD/MM/YYYY; write 02/09/2024'),
        (
            "45655",
            "45655 is the number by which Excel counts days, for 2024-12-29; write 2024-12-29, or format the cell as a "
            "date",
        ),
    ],
)
def test_a_date_that_is_none(write, date, problem):
    path = write("met.yaml", SMALL.replace("2024-09-02", date))
    assert faults(path) == [f"met.yaml:2: start: {problem}"]


def test_a_shift_longer_than_a_day(write):
    assert faults(write("met.yaml", SMALL + "officers:\n  hours_per_week: 140\n")) == [
        "met.yaml:13: officers.hours_per_week: 140 hours in 5 days make shifts of 28.0 hours; a day has 24"
    ]


def test_names_too_long_and_lists_too_long(write):
    text = SMALL.replace("A small force", "A" * 121)
    assert faults(write("met.yaml", text)) == ["met.yaml:1: name: 121 characters are too many; 120 are allowed"]
    teams = "".join(f"  - {{name: T{number}, officers: 1, offenders: 1}}\n" for number in range(2001))
    text = SMALL[: SMALL.index("  - {name: North")] + teams + SMALL[SMALL.index("caseload:") :]
    assert faults(write("met.yaml", text)) == ["met.yaml:4: teams: 2,001 entries are too many; 2,000 are allowed"]


def test_a_whole_number_may_be_written_with_a_point_or_a_power(write):
    assert faults(write("met.yaml", SMALL + "seed: 1e6\nreplications: 30.0\n")) == []


def test_long_values_are_shortened(write):
    text = SMALL + f"seed: {'x' * 500}\n"
    assert faults(write("met.yaml", text)) == [f'met.yaml:12: seed: "{"x" * 58}… is not a whole number']


def test_what_is_shown_cannot_command_a_terminal():
    assert shown("\x1b[2J\x9b") == '"\\u001b[2J�"'


def test_lists_in_words():
    assert [join_words([]), join_words(["a"]), join_words(["a", "b"]), join_words(["a", "b", "c"], "or")] == [
        "", "a", "a and b", "a, b or c",
    ]  # fmt: skip


def test_an_error_lists_its_faults_by_file_and_line_each_once():
    late, early = Fault(Place("b.yaml", 10), "late"), Fault(Place("b.yaml", 9), "early")
    error = ScenarioError(
        [late, early, Fault(Place("a.yaml", 99), "other file"), late, Fault(Place("b.yaml"), "whole")]
    )
    assert str(error) == "a.yaml:99: other file\nb.yaml: whole\nb.yaml:9: early\nb.yaml:10: late"
    assert error.faults[2] is early
