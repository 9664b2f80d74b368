"""The sentence on a difference: which way, by how much, how sure, and whether that is good."""

import math

import pandas as pd
import pytest

from sim.experiment.paired import LESS, MORE, SAME, UNKNOWN, UNTOLD
from sim.measure import METRICS
from sim.report.verdicts import difference_words, judged, level_words, phrase, short_verdict, verdict_words

NAN = float("nan")


def row(mean: float, low: float, high: float, verdict: str, n: int = 30, would_do: float = NAN) -> pd.Series:
    return pd.Series({"mean": mean, "low": low, "high": high, "verdict": verdict, "n": n, "would_do": would_do})


def test_the_sentence_of_the_design() -> None:
    found = row(-14, -19, -9, LESS)
    assert verdict_words("overdue_visits", "high", found) == "fewer overdue high-risk visits: −14 (−19 to −9)"
    assert judged("overdue_visits", found) == "better"


def test_what_cannot_be_told_says_how_many_replications_would_do() -> None:
    words = verdict_words("overdue_visits", "total", row(-2, -6, 2, UNTOLD, would_do=85))
    assert words.endswith("; cannot tell with 30 replications; about 85 would do")


@pytest.mark.parametrize(
    ("would_do", "words"),
    [
        (234, "about 240 would do"),
        (1201, "about 1,300 would do"),
        (20_000, "more than 10,000 would be needed for a difference as small as this"),
        (math.inf, "no number would do for a difference as small as this"),
    ],
)
def test_how_many_would_do_is_rounded_up(would_do: float, words: str) -> None:
    assert verdict_words("overdue_visits", "total", row(-2, -6, 2, UNTOLD, would_do=would_do)).endswith(words)


def test_no_difference_is_said_plainly() -> None:
    words = verdict_words("overdue_visits", "total", row(0, 0, 0, SAME))
    assert words == "overdue visits: no difference in any of 30 pairs"
    assert judged("overdue_visits", row(0, 0, 0, SAME)) == ""


def test_one_pair_cannot_tell() -> None:
    words = verdict_words("overdue_visits", "total", row(12, NAN, NAN, UNKNOWN, n=1))
    assert words == "overdue visits: +12; one pair cannot tell"
    assert verdict_words("recovery_date", "total", row(NAN, NAN, NAN, UNKNOWN, n=0)) == "recovery of visits: not known"


def test_shares_differ_by_points_of_per_cent() -> None:
    found = row(0.06, 0.052, 0.068, MORE)
    assert difference_words("risk_coverage", found) == "+6.0\u00a0points (+5.2 to +6.8)"
    assert judged("risk_coverage", found) == "better"
    assert judged("overdue_visits_share", found) == "worse"


def test_ages_differ_by_days() -> None:
    found = row(-34.2, -59.1, -10.3, LESS)
    words = "shorter delay of the oldest overdue visit: −34\u00a0days (−59 to −10)"
    assert verdict_words("oldest_overdue_visit_days", "total", found) == words


def test_hours_are_neither_good_nor_bad() -> None:
    assert judged("hours_worked", row(15, 13, 17, MORE)) == ""


def test_a_bound_clear_of_nought_is_not_written_as_nought() -> None:
    assert difference_words("overdue_visits", row(-6.2, -12.1, -0.3, LESS)) == "−6.2 (−12.1 to −0.3)"
    assert difference_words("overdue_visits", row(-6.2, -12.1, 0.3, UNTOLD)) == "−6 (−12 to 0)"


def test_levels() -> None:
    assert level_words("overdue_visits", 2689.6) == "2,690"
    assert level_words("overdue_visits", 4.25) == "4.2"
    assert level_words("risk_coverage", 0.692) == "69.2\u00a0%"


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_words_in_total_and_at_each_risk(metric: str) -> None:
    for group in ("total", "very_high"):
        noun, less, more = phrase(metric, group)
        assert noun
        assert less != more
        assert not set("{}_") & set(noun)
    assert phrase(metric).noun != phrase(metric, "high").noun or len(METRICS[metric].groups) == 1
    assert short_verdict(metric, "total", row(1, 0.5, 2, MORE))
