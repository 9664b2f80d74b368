"""The data dictionary says what every table of a run folder holds, and nothing that none does."""

import xml.etree.ElementTree as ElementTree

import pytest

from docs import data_dictionary, diagram


@pytest.fixture(scope="module")
def tables():
    return data_dictionary.real_tables()


def test_the_page_is_up_to_date(tables):
    written = data_dictionary.PAGE.read_text(encoding="utf-8")
    assert written == data_dictionary.page(tables), f"it is stale; renew it with: {data_dictionary.RENEW}"


def test_no_column_and_no_code_is_described_that_is_not_there(tables):
    for name, table in tables.items():
        assert set(data_dictionary.COLUMNS[name]) == set(table.columns), name
    for columns, (codes, words) in data_dictionary.CODES.items():
        assert set(words) == set(codes), columns


def test_the_words_of_a_few_columns_hold(tables):
    events, weekly = tables["events/0001.parquet"], tables["weekly.parquet"]
    assert set(events.loc[events["announced"], "event"]) == {"visit", "seen_before"}
    of_officers = events["event"].astype(str).str.startswith("officer_")
    assert ((events["offender"] == -1) == of_officers).all()
    assert (events.loc[events["event"] == "seen_before", "day"] < 0).all()
    assert events["day"].is_monotonic_increasing
    assert set(weekly["day"]) == {0, 7, 14, 21}
    assert (weekly["low"] <= weekly["mean"]).sum() == weekly["low"].notna().sum()


def test_the_diagram_of_the_model_is_what_its_script_draws():
    written = diagram.DIAGRAM.read_text(encoding="utf-8")
    assert written == diagram.drawn(), "it is stale; renew it with: python -m docs.diagram"
    ElementTree.fromstring(written)


def test_every_box_of_the_diagram_is_on_it_and_on_no_other():
    boxes = diagram.BOXES
    for box in boxes:
        assert 0 <= box.x <= box.x + box.width <= diagram.WIDTH
        assert 0 <= box.y <= box.y + box.height <= diagram.HEIGHT
    for number, item in enumerate(boxes):
        for other in boxes[number + 1 :]:
            beside = item.x + item.width < other.x or other.x + other.width < item.x
            above = item.y + item.height < other.y or other.y + other.height < item.y
            assert beside or above, (item.heading, other.heading)
