"""What is made from the schema: the reference page, the JSON Schema, and the first scenario of a new planner."""

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import read
from sim.scenario.reference import RENEW, json_schema, json_schema_text, reference_page
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import Place
from sim.scenario.source.yaml_text import read_yaml
from sim.scenario.summary import scenario_warnings
from sim.scenario.template import alike_teams, scenario_template
from sim.scenario.values import one_line, plain_value
from tests.support.scenarios import SMALL

DOCS = Path(__file__).parents[2] / "docs"
SCENARIOS = sorted((DOCS.parent / "scenarios").glob("*.yaml")) + sorted(DOCS.parent.glob("tests/*/scenarios/*.yaml"))


def plainly(text: str) -> Any:
    """What a YAML text says, as nested dicts and lists."""
    written, faults = read_yaml(text, lambda line: Place("text", line))
    assert written is not None
    assert not faults
    return written.plain()


@pytest.mark.parametrize(
    ("name", "made"), [("scenario.md", reference_page), ("scenario.schema.json", json_schema_text)]
)
def test_the_generated_docs_are_up_to_date(name, made):
    assert (DOCS / name).read_text(encoding="utf-8") == made(), f"docs/{name} is stale; renew it with: {RENEW}"


def test_every_key_is_explained_and_on_the_page():
    page = reference_page()
    for key in scenario_keys().all():
        assert key.title, f"{key.name} has no title"
        assert key.meaning.endswith((".", "?")), f"{key.name}: a meaning is a sentence"
        assert f"`{key.name}`" in page or f"# {key.name}\n" in page


def test_a_row_of_the_page():
    assert (
        "| `visits.crew` | **Crew.** Officers who go to a visit, 1 or 2. | officers "
        "| a whole number, 1 to 2; one for all risk levels or one for each | `2` | yes |"
    ) in reference_page().splitlines()


def test_the_first_scenario_is_fine_and_says_everything(write):
    text = scenario_template(alike_teams(4), dt.date(2025, 1, 6)).text
    scenario = read(write("new.yaml", text)).scenario
    assert len(scenario.teams) == 4
    assert (scenario.start, scenario.end) == (dt.date(2025, 1, 6), dt.date(2028, 1, 6))
    assert scenario_warnings(scenario) == []
    assert "  # Hours there and back, each officer, whether or not anybody answers. [hours]\n" in text
    assert max(map(len, text.splitlines())) < 160
    lines = text[: text.index("\nassumptions:")].splitlines()
    for above, line in pairwise(lines):
        if ":" in line and not line.lstrip().startswith(("#", "-")):
            assert above.lstrip().startswith("#"), f"{line!r} stands without a comment"


def test_the_first_scenario_says_at_its_head_what_to_change_first(write):
    first = scenario_template(alike_teams(4, 28, 1450), dt.date(2025, 1, 6), file="my.yaml", schema="docs/x.json")
    lines = first.text.splitlines()
    assert lines[:3] == [
        "# yaml-language-server: $schema=docs/x.json",
        "#",
        "# A first scenario: 4 teams, 28 officers, 1,450 offenders. Change these lines first, as only your force knows "
        "them:",
    ]
    stands_there = [lines[line - 1].split(":")[0].strip() for line in first.lines.values()]
    assert stands_there == [
        "name", "start", "teams", "risk_mix", "# overdue_visits_at_start", "reviews_overdue_at_start", "new_per_year",
        "officer_per_year",
    ]  # fmt: skip
    assert [f"line {line:>3}: " in first.text for line in first.lines.values()] == [True] * 8
    assert "# Next: python -m sim validate my.yaml" in lines


def test_what_makes_a_force_fail_is_in_the_first_scenario(write):
    scenario = read(write("new.yaml", scenario_template(alike_teams(4), dt.date(2025, 1, 6)).text)).scenario
    assert scenario.turnover.leaving_per_year.under_2_years > 0
    assert scenario.turnover.vacant_at_start > 0
    assert scenario.officers.abstraction.share > 0
    assert scenario.costs.officer_per_year
    assert scenario.officers.untrained.lost_record_share > 0
    assert scenario.officers.trained_share < 1
    assert scenario.caseload.reviews_overdue_at_start.low > 0
    # What shapes the answer and is a guess has a range or a factor, or says where it was published.
    assert all(entry.range or entry.factor or entry.source for entry in scenario.assumptions.values())


@pytest.mark.parametrize(
    ("asked", "officers", "offenders"),
    [
        ((4,), [10, 10, 10, 10], [500] * 4),
        ((4, 28, 1450), [7, 7, 7, 7], [363, 363, 362, 362]),
        ((3, None, 1450), [10, 10, 9], [484, 483, 483]),
        ((2, 5, None), [3, 2], [125, 125]),
        ((2, None, 0), [1, 0], [0, 0]),
    ],
)
def test_the_first_teams_and_a_register_that_neither_grows_nor_shrinks(write, asked, officers, offenders):
    teams = alike_teams(*asked)
    assert [team.officers for team in teams] == officers
    assert [team.offenders for team in teams] == offenders
    scenario = read(write("new.yaml", scenario_template(teams, dt.date(2025, 1, 6)).text)).scenario
    leaving = sum(offenders) * scenario.register.deaths_and_moves_per_year
    assert scenario.register.new_per_year == pytest.approx(leaving, abs=0.5)


@pytest.mark.parametrize("number", [1, 200])
def test_a_first_scenario_for_any_number_of_teams(write, number):
    text = scenario_template(alike_teams(number), dt.date(2025, 1, 6)).text
    assert len(read(write("new.yaml", text)).scenario.teams) == number


def test_one_line_reads_back_as_the_same():
    for value in [
        "plain words",
        "12:30",
        "yes",
        "true",
        "null",
        "a: b",
        "# no",
        "it's",
        "-",
        "[",
        "2024-09-02",
        "1e5",
        "",
        "é - ü",
        "a.",
        "end ",
    ]:
        plain = {"about": value, "list": [1, 0.5, {"deep": value}]}
        assert plainly(f"x: {one_line(plain)}") == {"x": plain}


def test_a_whole_scenario_written_shortly_reads_back_as_the_same(write):
    text = (
        SMALL
        + "levers: [{from: 2024-10-01, set: {visits.crew: 1}}]\nassumptions: {seed: {quality: red, range: [1, 2]}}\n"
    )
    uniform = "visits.visit_hours={distribution: uniform, low: 1, high: 3}"
    scenario = read(write("met.yaml", text), ["visits.interval_days.low=never", uniform]).scenario
    assert read(write("again.yaml", json.dumps(plain_value(scenario)))).scenario == scenario


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Does a value satisfy the words of JSON Schema that ours is written in?"""
    schema = {**schema, **json_schema()["$defs"]["distribution"]} if "$ref" in schema else schema
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    checks = {
        "type": lambda word: isinstance(value, types[word]) and (word == "boolean" or not isinstance(value, bool)),
        "const": lambda word: value == word,
        "enum": lambda words: value in words,
        "anyOf": lambda options: any(fits(value, option) for option in options),
        "minimum": lambda bound: value >= bound,
        "maximum": lambda bound: value <= bound,
        "exclusiveMinimum": lambda bound: value > bound,
        "exclusiveMaximum": lambda bound: value < bound,
        "minLength": lambda length: len(value) >= length,
        "maxLength": lambda length: len(value) <= length,
        "minItems": lambda length: len(value) >= length,
        "maxItems": lambda length: len(value) <= length,
        "items": lambda entry: all(fits(item, entry) for item in value),
        "required": lambda words: all(word in value for word in words),
        "properties": lambda keys: all(fits(value[key], keys[key]) for key in keys if key in value),
        "else": lambda other: fits(value, schema["if"]) or fits(value, other),
        "additionalProperties": lambda rule: (
            rule is True
            or all(
                fits(item, rule) if rule else False
                for key, item in value.items()
                if key not in schema.get("properties", {})
            )
        ),
    }
    silent = {"$schema", "$defs", "$ref", "title", "description", "default", "format", "if"}
    assert schema.keys() <= checks.keys() | silent
    # The type first: the other words may not make sense of a value of another type.
    return all(check(schema[word]) for word, check in checks.items() if word in schema)


def small(**changes: Any) -> dict[str, Any]:
    return {**plainly(SMALL), **changes}


@pytest.mark.parametrize(
    "scenario",
    [
        small(),
        small(
            visits={
                "interval_days": 90,
                "visit_hours": {"distribution": "gamma", "mean": 1, "cv": 1},
                "crew": {"low": 1},
            }
        ),
        small(visits={"interval_days": {"low": "never", "high": 5}, "visit_hours": 1, "announced_share": 0.5}),
        small(reviews={"interval_days": "never"}, register={"periods": [{"years": "indefinite", "share": 1}]}),
        small(levers=[{"from": "2024-10-01", "set": {"visits.crew": 1}}], assumptions={"seed": {"quality": "red"}}),
        {"extends": "met.yaml"},
        {"extends": "met.yaml", "visits": {"retry_days": 3}, "assumptions": {"seed": {"note": "mine"}}},
    ],
)
def test_the_json_schema_accepts_what_the_program_accepts(scenario):
    assert fits(scenario, json_schema())


@pytest.mark.parametrize(
    "scenario",
    [
        {},
        {"name": "A"},
        small(visits={"interval_days": 90}),
        small(visits={"interval_days": 90, "visit_hours": "fast"}),
        small(visits={"interval_days": 90, "visit_hours": 1, "announced_share": 1.4}),
        small(visits={"interval_days": 90, "visit_hours": 1, "crew": {"lo": 1}}),
        small(reviews={"interval_days": 0}),
        small(teams=[]),
        small(teams=[{"officers": 1}]),
        small(levers=[{"from": "2024-10-01"}]),
        small(assumptions={"seed": {"note": "mine"}}),
        small(sed=1),
        small(replications=True),
        {"extends": "met.yaml", "sed": 1},
        {"extends": "met.yaml", "visits": {"crew": 3}},
    ],
)
def test_the_json_schema_refuses_what_the_program_refuses(scenario):
    assert not fits(scenario, json_schema())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.name)
def test_the_shipped_scenarios_fit_the_json_schema(path):
    assert fits(plainly(path.read_text(encoding="utf-8")), json_schema())


def test_every_number_has_a_least_and_a_most():
    from sim.scenario.schema import scenario_keys

    def numbers(key):
        for child in key.children.values():
            if child.kind == "section":
                yield from numbers(child)
            elif child.kind in ("number", "whole_number", "distribution"):
                yield child
            elif child.each and child.kind == "list" and child.each.kind == "section":
                yield from numbers(child.each)
            elif child.each and child.kind == "by_risk":
                yield child.each

    found = list(numbers(scenario_keys()))
    assert len(found) > 120
    open_ended = [
        key.name for key in found if not (key.limits.keys() & {"ge", "gt"} and key.limits.keys() & {"le", "lt"})
    ]
    assert open_ended == []
