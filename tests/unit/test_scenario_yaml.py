"""What a scenario file may not be: each is a message with its line and its repair."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import read
from sim.scenario.source.faults import Place
from sim.scenario.source.yaml_text import read_yaml
from tests.support.scenarios import SMALL, faults


def test_a_small_scenario_is_read(write):
    scenario = read(write("met.yaml", SMALL)).scenario
    assert scenario.name == "A small force"
    assert scenario.visits.interval_days.values()[0].mean == 365
    assert scenario.horizon_days == 364


def test_a_file_that_has_changed_is_read_anew_and_its_faults_are_reported_each_time(write):
    wrong = [faults(write("met.yaml", f"{SMALL}{line}")) for line in ("seed: *a", "seed: *a", "seed: *b")]
    assert wrong[0] == wrong[1] == ["met.yaml:12: seed: *a refers to another place; write the value out"]
    assert "*b" in wrong[2][0]
    assert read(write("met.yaml", f"{SMALL}seed: 3")).scenario.seed == 3


def test_times_and_yes_are_text_as_in_yaml_1_2(write):
    text = SMALL + "calendar: {shift_start_hour: 12:30, bank_holidays: yes}\n"
    assert faults(write("met.yaml", text)) == [
        'met.yaml:12: calendar.bank_holidays: "yes" is not true or false',
        'met.yaml:12: calendar.shift_start_hour: "12:30" is not a number',
    ]


def test_a_key_written_twice(write):
    text = SMALL + "visits:\n  visit_hours: 2\n"
    assert faults(write("met.yaml", text)) == [
        "met.yaml:12: visits: stands here a second time, first on line 9; keep one"
    ]


def test_the_same_key_in_another_spelling_of_its_text_is_still_the_same(write):
    text = SMALL + '"visits": {visit_hours: 2}\n'
    assert faults(write("met.yaml", text)) == [
        "met.yaml:12: visits: stands here a second time, first on line 9; keep one"
    ]


def test_an_anchor_bomb_is_refused_unexpanded(write):
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    found = faults(write("met.yaml", bomb))
    assert "met.yaml:1: a0: the anchor &a0 has no use here; take it away" in found
    assert "met.yaml:2: a1.0: *a0 refers to another place; write the value out" in found


def test_a_invalid_value_is_complained_of_once(write):
    text = SMALL.replace("visit_hours: 1", "visit_hours: *hours") + "seed: .inf\n"
    assert faults(write("met.yaml", text)) == [
        "met.yaml:11: visits.visit_hours: *hours refers to another place; write the value out",
        "met.yaml:12: seed: .inf is not a number a scenario can use",
    ]


@pytest.mark.parametrize("number", [".inf", ".nan", "1e999", "9" * 5000])
def test_numbers_without_end_are_refused(write, number):
    found = faults(write("met.yaml", SMALL + f"officers: {{hours_per_week: {number}}}\n"))
    assert found == [f"met.yaml:12: officers.hours_per_week: {number[:40]} is not a number a scenario can use"]


@pytest.mark.parametrize("tag", ["!secret", "!!python/object/apply:os.system", "!!int", "!"])
def test_tags_are_refused(write, tag):
    found = faults(write("met.yaml", SMALL + f"seed: {tag} 5\n"))
    assert found == [f"met.yaml:12: seed: the tag {tag} has no use here; take it away"]


def test_deep_nesting_is_refused_without_a_deep_stack(write):
    assert faults(write("met.yaml", "teams: " + "[" * 100_000)) == [
        "met.yaml:1: nested more than 20 levels deep; a scenario needs far fewer"
    ]


def test_several_documents(write):
    assert faults(write("met.yaml", SMALL + "---\nname: Another\n")) == [
        "met.yaml:12: a second document begins here; a scenario is one, take the --- away"
    ]


def test_a_directive_that_would_change_how_yaml_is_read(write):
    assert faults(write("met.yaml", "%YAML 1.1\n---\n" + SMALL)) == [
        "met.yaml:2: a scenario takes no % directives; take the lines above --- away"
    ]


def test_a_key_that_is_no_word(write):
    assert faults(write("met.yaml", SMALL + "[seed, start]: 5\n")) == ["met.yaml:12: a key must be a plain word"]


def test_slips_of_the_pen_are_reported_in_plain_words(write):
    for text, message in [
        ("name: A\nofficers:\n\ttotal: 5\n", "met.yaml:3: a tab; indent with spaces"),
        ("name: A\nabout: @home\n", "met.yaml:2: a text may not begin with this character; put the text in quotes"),
        (
            "name: Met: autumn\n",
            "met.yaml:1: a colon too many, or indented too far; put a text with a colon in quotes",
        ),
        (
            "name: A\nstart 2024-09-02\nend: 2025-08-31\n",
            "met.yaml:2: no `key: value`; the colon with a space after it is missing",
        ),
        ('name: "A\nstart: 2024-09-02\n', "met.yaml:1: a quotation mark is opened and never closed"),
        ("visits: {crew: 2\nseed: 1\n", "met.yaml:1: the { opened here is not closed, or a comma is missing after it"),
        ("teams: [1, 2\nseed: 1\n", "met.yaml:1: the [ opened here is not closed, or a comma is missing after it"),
        (
            "visits:\n    crew: 2\n  retry_days: 7\n",
            "met.yaml:3: does not continue what stands above; indent it like its neighbours",
        ),
        ("name: A\nabout: &\n", "met.yaml:2: a text may not begin with this character; put the text in quotes"),
        ("teams: - name: A\n", "met.yaml:1: a dash cannot stand here; begin the entry on a line of its own"),
        ("seed: ]\n", "met.yaml:1: a value is missing, or a bracket closes that was never opened"),
        (
            "{name: A}\nseed: 1\n",
            "met.yaml:2: does not continue what stands above; indent it like its neighbours",
        ),
        ('about: "C:\\data"\n', "met.yaml:1: a backslash in double quotes; use single quotes"),
        ("name: A\nabout: x\x07y\n", "met.yaml:2: a character that cannot be printed; take it away"),
        ('name: "\\e[31mred"\n', None),
    ]:
        found = faults(write("met.yaml", text))
        if message:
            assert found == [message]
        else:
            assert 'met.yaml:1: name: "\\u001b[31mred" holds a character that cannot be printed' in found


def test_an_empty_file(write):
    message = "met.yaml: is empty; `python -m sim new FILE` writes a scenario to start from"
    assert faults(write("met.yaml", "")) == [message]
    assert faults(write("met.yaml", "# only a comment\n")) == [message]


def test_a_file_that_is_a_list_or_a_word(write):
    wanted = "a scenario is made of lines such as `name: Central East`"
    assert faults(write("met.yaml", "- name: A\n")) == [f"met.yaml: holds a list; {wanted}"]
    assert faults(write("met.yaml", "hello\n")) == [f"met.yaml: holds a single value; {wanted}"]


def test_a_file_too_large(write):
    assert faults(write("met.yaml", "# padding\n" * 250_000)) == [
        "met.yaml: has 2.5 MB; a scenario may have 1 MB. Is it the right file?"
    ]


def test_a_file_that_is_not_utf_8(write):
    Path(write("met.yaml", "")).write_bytes("name: A\nabout: déjà vu\n".encode("latin-1"))
    assert faults("met.yaml") == ["met.yaml:2: a character that is not UTF-8; save the file as UTF-8"]


def test_a_byte_order_mark_is_allowed(write):
    assert faults(write("met.yaml", "\ufeff" + SMALL)) == []


def test_a_missing_file_names_the_nearest(write):
    write("scenarios/met.yaml", SMALL)
    assert faults("scenarios/mett.yaml") == ["scenarios/mett.yaml: does not exist, did you mean scenarios/met.yaml?"]
    assert faults("scenarios/unlike.txt") == ["scenarios/unlike.txt: does not exist"]
    assert faults("nowhere/met.yaml") == ["nowhere/met.yaml: does not exist, nor can the folder nowhere be read"]


def test_a_folder_is_not_a_file(write):
    write("scenarios/met.yaml", SMALL)
    write("scenarios/small.yaml", SMALL)
    assert faults("scenarios") == ["scenarios: is a folder, not a file; it holds met.yaml and small.yaml"]


def test_a_file_in_a_place_that_cannot_be_entered(write):
    write("met.yaml", SMALL)
    assert faults("met.yaml/plan.yaml") == ["met.yaml/plan.yaml: cannot be read: not a directory"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_and_folder(write):
    write("locked/met.yaml", SMALL)
    Path("locked/met.yaml").chmod(0)
    assert faults("locked/met.yaml") == ["locked/met.yaml: cannot be read: permission denied"]
    Path("locked").chmod(0)
    assert faults("locked/met.yaml") == ["locked/met.yaml: cannot be read: permission denied"]
    Path("locked").chmod(0o700)


def test_a_disk_that_refuses(write, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    write("met.yaml", SMALL)
    monkeypatch.setattr(os, "open", refuse)
    assert faults("met.yaml") == ["met.yaml: cannot be read: permission denied"]


ODD = [
    "{",
    "]",
    "- ",
    ": ",
    "*a",
    "&a ",
    "!x ",
    '"',
    "\t",
    "\n",
    "null",
    "1e400",
    "{low: 1}",
    "[]",
    "|",
    "<<",
    "---\n",
    "\x00",
]
slips = st.lists(st.tuples(st.integers(0, len(SMALL)), st.integers(0, 6), st.sampled_from(ODD)), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slips=slips)
def test_whatever_is_typed_is_a_scenario_or_a_list_of_faults(write, slips):
    text = SMALL
    for place, length, odd in slips:
        text = text[:place] + odd + text[place + length :]
    for message in faults(write("met.yaml", text)):
        assert re.match(r"met\.yaml(:\d+)?: \S", message)
        assert message.isprintable()


def test_a_text_whose_lines_do_not_line_up_is_refused_with_its_place(write):
    """The parser gives no line of its own for it."""
    text = "name: Smalltown\nabout: >-\n \n  not only high risk\n"
    (fault,) = faults(write("met.yaml", text))
    assert fault.startswith("met.yaml:4: not YAML: more indented follow up line")


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000, "1e999", "-" + "9" * 400])
def test_a_number_without_end_is_refused_where_it_is_written(number: str) -> None:
    _, faults = read_yaml(f"a: {number}", lambda line: Place("met.yaml", line))
    assert [str(fault) for fault in faults] == [f"met.yaml:1: a: {number[:40]} is not a number a scenario can use"]
