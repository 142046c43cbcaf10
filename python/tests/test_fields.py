"""Links are read and written as the page does it."""

import pytest
import traitlets
from anywidget import AnyWidget
from moescope.fields import FIELDS, link, read

FIELD_VALUES = {"text": "The fox & a <b>.", "token": 2, "view": "router", "speed": 0.5, "bits": 8, "temperature": 0.00001}


def test_every_field_has_its_own_trait():
    assert list(FIELDS)[:3] == ["text", "ids", "token"]
    assert [name for name in FIELDS if hasattr(AnyWidget, name)] == []


def test_reading_a_written_link_gives_the_same_fields():
    assert link(FIELD_VALUES) == (
        "v=1&text=The+fox+%26+a+%3Cb%3E.&token=2&view=router&temperature=0.00001&speed=0.5&bits=8"
    )
    assert read(link(FIELD_VALUES)) == FIELD_VALUES


@pytest.mark.parametrize("said", ["#v=1&token=2", "https://somewhere/embed.html#v=1&token=2", "v=1&token=2&token=3"])
def test_a_link_with_an_address_is_read(said):
    assert read(said) == {"token": 2}


def test_an_empty_link_has_only_defaults():
    assert read("") == read("v=1") == {}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("token=2", "version None; expected a link that begins with v=1"),
        ("v=2&token=2", "version '2'"),
        ("v=1&colour=red", "state has colour; expected text, "),
        ("v=1&view=ledger", "view is 'ledger'; expected 'roll' or 'router'"),
        ("v=1&token=two", "token is 'two'; expected a number from 0"),
        ("v=1&bits=7", "bits is 7; expected 16 or 8"),
    ],
)
def test_the_error_names_what_is_wrong_in_a_link(said, reason):
    with pytest.raises(traitlets.TraitError, match=reason):
        read(said)
