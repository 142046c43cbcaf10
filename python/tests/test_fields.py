"""Python reads and writes links like the page."""

import moescope
import pytest
import traitlets
from anywidget import AnyWidget
from moescope.fields import FIELDS, link, read

FIELD_VALUES = {"text": "The fox & a <b>.", "token": 2, "view": "router", "speed": 0.5, "bits": 8, "temperature": 0.00001}


def test_no_field_has_the_name_of_a_widget_attribute():
    assert list(FIELDS)[:4] == ["text", "ids", "opened", "token"]
    assert [name for name in FIELDS if hasattr(AnyWidget, name)] == []


def test_reading_a_written_link_gives_the_same_fields():
    assert link(FIELD_VALUES) == (
        "v=1&text=The+fox+%26+a+%3Cb%3E.&token=2&view=router&temperature=0.00001&speed=0.5&bits=8"
    )
    assert read(link(FIELD_VALUES)) == FIELD_VALUES


@pytest.mark.parametrize("said", ["#v=1&token=2", "https://somewhere/embed.html#v=1&token=2", "v=1&token=2&token=3"])
def test_the_part_after_the_hash_is_read_and_the_first_of_equal_names_counts(said):
    assert read(said) == {"token": 2}


def test_the_older_name_of_a_field_is_read():
    assert read("v=1&model=kimi-k2") == read("v=1&published=kimi-k2") == {"published": "kimi-k2"}
    assert moescope.Scope(model="kimi-k2").published == "kimi-k2"


def test_an_empty_link_has_only_defaults():
    assert read("") == read("v=1") == {}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("token=2", "version None; expected a link that begins with v=1"),
        ("v=2&token=2", "version '2'"),
        ("v=1&colour=red", "state has colour; expected text, "),
        ("v=1&view=ledger", "view is 'ledger'; expected 'roll' or 'start'"),
        ("v=1&token=two", "token is 'two'; expected a number from 0"),
        ("v=1&bits=7", "bits is 7; expected 16 or 8"),
    ],
)
def test_an_error_names_the_wrong_part_of_a_link(said, reason):
    with pytest.raises(traitlets.TraitError, match=reason):
        read(said)
