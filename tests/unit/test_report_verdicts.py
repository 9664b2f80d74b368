"""The sentence on a difference: which way, by how much, how sure, and whether that is good."""

import math

import pandas as pd
import pytest

from sim.measure import METRICS
from sim.report.text.verdicts import (
    denominator_change,
    difference_words,
    explained,
    judged,
    level_words,
    money_words,
    phrase,
    short_verdict,
    verdict_words,
)
from sim.studies.paired import FEW, LESS, MORE, NOT_CLEAR, SAME, TRIVIAL, UNKNOWN, UNTESTED

NAN = float("nan")


def row(
    mean: float, low: float, high: float, verdict: str, n: int = 30, least: float = NAN, seen: float = NAN
) -> pd.Series:
    numbers = {"mean": mean, "low": low, "high": high, "n": n, "pairs": 30, "needed_least": least, "needed": seen}
    return pd.Series({**numbers, "verdict": verdict})


def test_the_sentence_of_the_design() -> None:
    found = row(-14, -19, -9, LESS)
    assert verdict_words("overdue_visits", "high", found) == "fewer overdue high-risk visits: −14 (−19 to −9)"
    assert judged("overdue_visits", found) == "better"


def test_what_is_not_clear_says_how_many_replications_would_be_needed() -> None:
    words = verdict_words("overdue_visits", "total", row(-2, -6, 2, NOT_CLEAR, least=42, seen=85))
    assert words == (
        "overdue visits: −2.0 (−6.0 to +2.0); no clear difference with 30 replications; "
        "at least 42 would be needed, about 85 if it is as large as seen"
    )


@pytest.mark.parametrize(
    ("least", "seen", "words"),
    [
        (41, 234, "at least 41 would be needed, about 240 if it is as large as seen"),
        (123, 1201, "at least 130 would be needed, about 1,300 if it is as large as seen"),
        (41, 20_000, "at least 41 would be needed, more than 10,000 if it is as small as seen"),
        (41, math.inf, "at least 41 would be needed, and no number if it is as small as seen"),
        (12, 20, "at least 31 would be needed"),
        (math.inf, math.inf, "how many would be needed is not known"),
    ],
)
def test_how_many_are_needed_is_rounded_up_and_never_fewer_than_there_are(
    least: float, seen: float, words: str
) -> None:
    found = row(-2, -6, 2, NOT_CLEAR, least=least, seen=seen)
    assert verdict_words("overdue_visits", "total", found).endswith(f"replications; {words}")


def test_a_measure_without_a_verdict_has_its_difference_alone() -> None:
    found = row(-14, -19, -9, UNTESTED)
    assert verdict_words("overdue_visits", "total", found) == "overdue visits: −14 (−19 to −9)"
    assert (judged("overdue_visits", found), short_verdict("overdue_visits", "total", found)) == ("", "")


def test_a_difference_too_small_to_be_shown_is_no_change() -> None:
    found = row(-0.03, -0.04, -0.01, TRIVIAL)
    words = verdict_words("caseload_per_officer", "total", found)
    assert words == "offenders per officer: no change that matters, −0.03 (−0.04 to −0.01)"
    assert judged("caseload_per_officer", found) == ""


def test_of_a_value_that_few_replications_have_only_the_count_is_shown() -> None:
    words = verdict_words("recovery_date", "total", row(-3, -9, 4, FEW, n=2))
    assert words == "recovery of visits: only 2 of 30 replications have a value"


def test_an_equal_difference_has_no_interval() -> None:
    assert difference_words("overdue_visits", row(-5, NAN, NAN, LESS, n=10)) == "−5 (same in all 10)"


def test_numbers_with_an_interval_of_thousands_end_in_zeros() -> None:
    assert difference_words("hidden_risk_days", row(23093, 20444, 25743, UNTESTED)) == "+23,100 (+20,400 to +25,700)"
    assert difference_words("hidden_risk_days", row(1093, 900, 1286, UNTESTED)) == "+1,093 (+900 to +1,286)"


@pytest.mark.parametrize(
    ("pounds", "words"),
    [
        (0, "£0"),
        (540_321, "£540,000"),
        (999_600, "£1.00m"),
        (1_254_000, "£1.25m"),
        (27_033_018, "£27.0m"),
        (87, "£87"),
        (123_456_789, "£123m"),
    ],
)
def test_money_has_three_digits(pounds: float, words: str) -> None:
    assert money_words(pounds) == words


def denominators(
    mean: float, low: float, high: float, base: float = 1770, of: tuple[str, str] = ("to be visited", "total")
) -> pd.DataFrame:
    numbers = {"base": base, "mean": mean, "low": low, "high": high, "deviation": 1.0}
    return pd.DataFrame([numbers], index=pd.MultiIndex.from_tuples([of]))


def test_fewer_overdue_because_fewer_are_to_be_visited_is_said() -> None:
    moved = denominator_change("overdue_visits", "total", denominators(-630, -640, -620))
    assert moved.words == "630 fewer are to be visited"
    fewer, more, untested = (row(-9, -12, -6, verdict) for verdict in (LESS, MORE, UNTESTED))
    assert explained("overdue_visits", fewer, moved) == ", not least because 630 fewer are to be visited"
    assert explained("overdue_visits", more, moved) == ", although 630 fewer are to be visited"
    assert explained("visit_coverage", more, moved) == "; 630 fewer are to be visited"
    assert explained("overdue_visits", untested, moved) == "; 630 fewer are to be visited"


def test_a_denominator_that_hardly_or_not_clearly_moves_is_not_spoken_of() -> None:
    assert denominator_change("overdue_visits", "total", denominators(-88, -98, -78)).words == ""
    assert denominator_change("overdue_visits", "total", denominators(-630, -1300, 40)).words == ""
    assert denominator_change("hours_worked", "total", denominators(-630, -640, -620)).words == ""
    posts = denominators(3, 2.9, 3.1, base=31, of=("in post", "at_end"))
    assert denominator_change("caseload_per_officer", "total", posts).words == "3.0 more officers are in post"


def test_no_difference_is_said_plainly() -> None:
    words = verdict_words("overdue_visits", "total", row(0, 0, 0, SAME))
    assert words == "overdue visits: the same in all 30 replications (at most 10% of others would differ)"
    assert judged("overdue_visits", row(0, 0, 0, SAME)) == ""


def test_one_pair_cannot_show() -> None:
    words = verdict_words("overdue_visits", "total", row(12, NAN, NAN, UNKNOWN, n=1))
    assert words == "overdue visits: +12; one replication gives no interval"
    assert verdict_words("recovery_date", "total", row(NAN, NAN, NAN, UNKNOWN, n=0)) == "recovery of visits: not known"


def test_shares_differ_by_points_of_per_cent() -> None:
    found = row(0.06, 0.052, 0.068, MORE)
    assert difference_words("risk_coverage", found) == "+6.0\u00a0points (+5.2 to +6.8)"
    assert judged("risk_coverage", found) == "better"
    assert judged("overdue_visits_share", found) == "worse"


def test_ages_differ_by_days() -> None:
    found = row(-34.2, -59.1, -10.3, LESS)
    words = "fewer days overdue of the oldest overdue visit: −34\u00a0days (−59 to −10)"
    assert verdict_words("oldest_overdue_visit_days", "total", found) == words


def test_hours_are_neither_good_nor_bad() -> None:
    assert judged("hours_worked", row(15, 13, 17, MORE)) == ""


def test_a_bound_clear_of_nought_is_not_written_as_nought() -> None:
    assert difference_words("overdue_visits", row(-6.2, -12.1, -0.3, LESS)) == "−6.2 (−12.1 to −0.3)"
    assert difference_words("overdue_visits", row(-6.2, -12.1, 0.3, NOT_CLEAR)) == "−6 (−12 to 0)"


def test_levels() -> None:
    assert level_words("overdue_visits", 2689.6) == "2,690"
    assert level_words("overdue_visits", 4.25) == "4.2"
    assert level_words("risk_coverage", 0.692) == "69.2%"


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_words_in_total_and_at_each_risk(metric: str) -> None:
    for group in ("total", "very_high"):
        noun, less, more = phrase(metric, group)
        assert noun
        assert less != more
        assert not set("{}_") & set(noun)
    assert phrase(metric).noun != phrase(metric, "high").noun or len(METRICS[metric].groups) == 1
    assert short_verdict(metric, "total", row(1, 0.5, 2, MORE))
