"""Python's side of the widget; tests/browser/notebook.spec.ts tests the page's side."""

import html
import json
import re
import types
import zipfile
from fractions import Fraction
from numbers import Integral
from pathlib import Path

import moescope
import moescope.scope
import pytest
import traitlets
from hatchling.build import build_wheel
from moescope.fields import FIELDS, STATIC, read

PROJECT = Path(__file__).parents[2]
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def sent(monkeypatch):
    """The messages to the page."""
    messages = []
    monkeypatch.setattr(moescope.Scope, "_send", lambda self, message, buffers=None: messages.append(message))
    return messages


def test_setting_fields_changes_the_state_and_setting_the_state_changes_fields():
    scope = moescope.Scope(text="The fox ran.", view="router", token=2)
    assert scope.state == "v=1&text=The+fox+ran.&token=2&view=router"
    scope.state = "https://somewhere/embed.html#v=1&view=cache&layer=3"
    assert scope.state == "v=1&view=cache&layer=3"
    assert (scope.view, scope.layer, scope.token, scope.text) == ("cache", 3, None, None)
    both = moescope.Scope(state=scope.state, layer=2, autoplay=True)
    assert (both.view, both.layer, both.autoplay) == ("cache", 2, "on")


def test_setting_a_text_resets_the_fields_ids_token_and_ran():
    scope = moescope.Scope(state="v=1&text=one&ids=12.7&token=3&ran=4&layer=2")
    scope.token = 2
    assert scope.state == "v=1&text=one&ids=12.7&token=2&layer=2"
    scope.text = "two"
    assert scope.state == "v=1&text=two&layer=2"
    with scope.hold_trait_notifications():
        scope.text = "three"
        scope.token = 1
    assert scope.state == "v=1&text=three&token=1&layer=2"


def test_python_sends_each_change_once(sent):
    scope = moescope.Scope(text="one")
    sent.clear()
    scope.token = 2
    assert sent == [{"method": "update", "state": {"state": "v=1&text=one&token=2"}, "buffer_paths": []}]
    scope.token = 2
    assert len(sent) == 1


def test_a_message_of_the_page_sets_traits_and_is_not_sent_back(sent):
    scope = moescope.Scope(text="one", view="cache")
    seen = []
    scope.observe(lambda change: seen.append((change["name"], change["new"])), names=["token", "view", "layer"])
    sent.clear()
    scope.set_state({"state": "v=1&text=one&token=2&layer=4", "record": {"position": 2}, "error": "Too bad."})
    assert (scope.token, scope.layer, scope.view) == (2, 4, None)
    assert sorted(seen) == [("layer", 4), ("token", 2), ("view", None)]
    assert (scope.record, scope.error) == ({"position": 2}, "Too bad.")
    assert [message["method"] for message in sent if message["method"] != "echo_update"] == []
    scope.token = 3
    assert scope.error == ""


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("view", "ledger", "view is 'ledger'; expected 'roll' or 'start'"),
        ("token", -1, "token is -1; expected a number from 0, or None"),
        ("token", "2", "token is '2'; expected a number"),
        ("temperature", float("nan"), "temperature is nan"),
        ("text", 7, "text is 7; expected a string"),
        ("theme", "blue", "expected 'auto' or 'light' or 'dark'"),
        ("temperature", float("inf"), "temperature is inf"),
        ("temperature", 1e300, r"temperature is 1e\+300; expected a number from 0"),
        ("temperature", Fraction(10**400), "temperature is Fraction"),
        ("seed", 10**300, "seed is 1000"),
        ("token", True, "token is True; expected a number from 0"),
        ("text", True, "text is True; expected a string"),
        ("text", b"one", "text is b'one'; expected a string"),
        ("text", "a fox \ud83e", r"text has half a character, '\\ud83e', at 6; expected whole characters"),
        ("state", "v=1&text=\udd8a", r"text has half a character, '\\udd8a', at 0"),
        ("state", 7, "state is 7; expected a link"),
        ("state", "v=1&view=ledger", "view is 'ledger'"),
        ("record", {}, "read-only"),
        ("error", "", "read-only"),
        ("picture", "", "read-only"),
    ],
)
def test_an_invalid_value_raises_and_changes_nothing(name, value, reason):
    scope = moescope.Scope(text="one", token=1)
    with pytest.raises(traitlets.TraitError, match=reason):
        setattr(scope, name, value)
    assert scope.state == "v=1&text=one&token=1"
    assert (scope.text, scope.token, scope.temperature) == ("one", 1, None)
    scope.layer = 2
    assert scope.state == "v=1&text=one&token=1&layer=2"


class Float64(float):
    """Like numpy.float64: a float with a different repr."""

    def __repr__(self):
        return f"np.float64({float(self)})"


class Int64(int):
    """An int with the repr of numpy.int64, which itself is not an int."""

    def __repr__(self):
        return f"np.int64({int(self)})"

    __str__ = __repr__


class Whole(types.SimpleNamespace):
    """Like numpy.int64: an integral number that is not an int."""

    def __int__(self):
        return self.value


Integral.register(Whole)


class Word(str):
    """Like a string enum: a str whose str() is different."""

    def __str__(self):
        return f"Word.{str.__str__(self).upper()}"


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("temperature", Float64(0.5), 0.5),
        ("temperature", Fraction(1, 4), 0.25),
        ("temperature", 1.2345678901234567e-05, 1.234567890123457e-05),
        ("temperature", 5e-324, 0.0),
        ("temperature", 1.8330418318038574e84, 18330418318038574 * 10**68),
        ("speed", Float64(0.5), 0.5),
        ("speed", 2.0, 2),
        ("token", Int64(2), 2),
        ("token", Whole(value=2), 2),
        ("bits", Whole(value=8), 8),
        ("text", Word("fox"), "fox"),
        ("view", Word("cache"), "cache"),
        ("autoplay", True, "on"),
    ],
)
def test_numbers_of_other_types_and_subclasses_of_str_are_stored_as_plain_values(name, value, kept):
    scope = moescope.Scope(**{name: value})
    assert (getattr(scope, name), type(getattr(scope, name))) == (kept, type(kept))
    scope.layer = 2
    assert read(scope.state) == {name: kept, "layer": 2}


def test_numbers_and_strings_of_numpy_are_accepted_and_arrays_are_refused():
    numpy = pytest.importorskip("numpy")
    values = {"temperature": numpy.float32(0.5), "token": numpy.int64(2), "speed": numpy.float64(2), "text": numpy.str_("a")}
    scope = moescope.Scope(**values)
    assert scope.state == "v=1&text=a&token=2&temperature=0.5&speed=2"
    with pytest.raises(traitlets.TraitError, match="token is"):
        scope.token = numpy.array([1, 2])


def test_after_an_error_the_fields_have_the_values_of_the_state(monkeypatch):
    scope = moescope.Scope(text="one", token=1)
    scope.set_state({"error": "Too bad."})

    def fail(_):
        raise ValueError("on purpose")

    with monkeypatch.context() as broken:
        broken.setattr(moescope.scope, "link", fail)
        with pytest.raises(ValueError, match="on purpose"):
            scope.text = "two"
    assert (scope.text, scope.token, scope.error, scope.state) == ("one", 1, "Too bad.", "v=1&text=one&token=1")
    scope.token = 2
    assert scope.state == "v=1&text=one&token=2"


def test_an_unknown_argument_raises_and_is_named():
    with pytest.raises(TypeError, match="Scope has no 'vew'; it has state, offline, text, "):
        moescope.Scope(vew="router")


def test_methods_send_messages(sent):
    scope = moescope.Scope()
    sent.clear()
    scope.step()
    scope.step(-2)
    scope.seek(3)
    scope.play()
    scope.pause()
    assert [message["content"] for message in sent] == [
        {"do": "step", "by": 1},
        {"do": "step", "by": -2},
        {"do": "seek", "position": 3},
        {"do": "play"},
        {"do": "pause"},
    ]


def test_a_notebook_gets_the_widget_and_a_frame_with_the_current_state():
    scope = moescope.Scope(text='"</script>"')
    scope.token = 1
    bundle, _ = scope._repr_mimebundle_()
    assert sorted(bundle) == [WIDGET, "text/html", "text/plain"]
    page = html.unescape(re.search('srcdoc="([^"]*)"', bundle["text/html"])[1])
    state = re.search('id="moescope-state">([^<]*)</script>', page)[1]
    assert state == scope.state == "v=1&text=%22%3C%2Fscript%3E%22&token=1"
    assert page.replace(state, "") == (STATIC / "moescope.html").read_text("utf-8")
    scope.set_state({"picture": "<svg/>"})
    assert scope._repr_mimebundle_()[0]["image/svg+xml"] == "<svg/>"


def test_offline_false_leaves_the_frame_out():
    assert sorted(moescope.Scope(offline=False)._repr_mimebundle_()[0]) == [WIDGET, "text/plain"]


def test_without_a_page_the_notebook_gets_only_the_frame(monkeypatch):
    def runs(allow_stdin):
        kernel = types.SimpleNamespace(get_parent=lambda _: {"content": {"allow_stdin": allow_stdin}})
        monkeypatch.setattr(moescope.scope, "get_ipython", lambda: types.SimpleNamespace(kernel=kernel))

    runs(allow_stdin=False)
    scope = moescope.Scope(token=1)
    scope.token = 2
    scope.step()
    assert sorted(scope._repr_mimebundle_()[0]) == ["text/html", "text/plain"]
    assert WIDGET in moescope.Scope(offline=False)._repr_mimebundle_()[0]
    runs(allow_stdin=True)
    assert WIDGET in moescope.Scope()._repr_mimebundle_()[0]


def test_the_version_is_that_of_the_page():
    assert moescope.__version__ == json.loads((PROJECT / "www/package.json").read_text("utf-8"))["version"]


def test_the_package_contains_all_files_that_it_needs(tmp_path, monkeypatch):
    monkeypatch.chdir(PROJECT / "python")
    with zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path))) as wheel:
        names = set(wheel.namelist())
        for name in ("custom-elements.json", "moescope.html", "widget.js"):
            assert wheel.read(f"moescope/static/{name}") == (STATIC / name).read_bytes()
        licences = {Path(name).name: name for name in names if ".dist-info/licenses/" in name}
        for name in ("LICENSE-APACHE", "LICENSE-MIT", "THIRD_PARTY.txt"):
            # The browser tests compare the site's list of other authors' software with the built scripts and the wasm.
            assert wheel.read(licences[name]) == (PROJECT / "www/dist" / name).read_bytes()
        notices = wheel.read(licences["THIRD_PARTY.txt"]).decode()
        assert "Copyright (c) 2017 Google LLC. All rights reserved." in notices
        assert "Neither the name of the copyright holder" in notices
    assert {f"moescope/{name}.py" for name in ("__init__", "fields", "frame", "scope")} <= names
    assert not any(name.startswith("tests") for name in names)


def test_every_field_can_be_an_argument():
    values = {name: (field.choices[0] if field.choices else 1 if field.is_number else "1") for name, field in FIELDS.items()}
    scope = moescope.Scope(**values)
    assert {name: getattr(scope, name) for name in FIELDS} == values
