"""The widget: a view of the model in a cell. Page and Python share the whole state as one link; each field of the link
is a trait."""

from types import new_class

import anywidget
import traitlets
from IPython import get_ipython

from .fields import ALIASES, FIELDS, STATIC, State, Value, link, read
from .frame import frame

# For each field, the other fields that a new value of it resets: a position in the old text is not kept for a new text.
_IMPLIED = {"text": ("ids", "token", "ran"), "ids": ("ran",), "token": ("ran",)}

_Fields = new_class("_Fields", (anywidget.AnyWidget,), exec_body=lambda body: body.update(FIELDS))


class Scope(_Fields):
    """One view of a DeepSeek-V3-architecture model: ``Scope(text="The fox ran.", view="router", token=2)``.

    Each field of a link is a trait; None stands for its default. Setting a trait changes the page, and actions in the
    page change the trait. ``offline=False`` leaves out the frame that a saved notebook shows without Python.
    """

    _esm = STATIC / "widget.js"

    state = State(help="the whole state, written as in a link after its #").tag(sync=True)
    record = traitlets.Dict(
        default_value=None, allow_none=True, read_only=True, help="the experts that the shown token chose, and the next tokens"
    ).tag(sync=True, echo_update=False)
    error = traitlets.Unicode(read_only=True, help="the last error in one sentence, or empty").tag(sync=True)
    picture = traitlets.Unicode(read_only=True, help="the current view as SVG").tag(sync=True, echo_update=False)
    offline = traitlets.Bool(True, help="whether a saved notebook gets a frame that works without Python")

    def __init__(self, *, state: str = "", offline: bool = True, **fields: Value | None) -> None:
        fields = {ALIASES.get(name, name): value for name, value in fields.items()}
        for name in fields:
            if name not in FIELDS:
                raise TypeError(f"Scope has no {name!r}; it has state, offline, {', '.join(FIELDS)}")
        super().__init__(offline=offline, **{**read(state), **fields})

    def step(self, by: int = 1) -> None:
        """Moves the playhead by this number of tokens."""
        self.send({"do": "step", "by": by})

    def seek(self, position: int) -> None:
        """Moves the playhead to a position, from 0."""
        self.send({"do": "seek", "position": position})

    def play(self) -> None:
        """Starts playback."""
        self.send({"do": "play"})

    def pause(self) -> None:
        """Stops playback."""
        self.send({"do": "pause"})

    def open(self) -> None:
        """Connects to the page, except in a cell without a page if ``offline`` is true.

        The frame is enough there, and the widget's state would only make the notebook larger.
        """
        if not (self.offline and _is_unattended()):
            super().open()

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        bundle = ({"text/plain": repr(self)}, {}) if self.comm is None else super()._repr_mimebundle_(**kwargs)
        if self.offline:
            bundle[0]["text/html"] = frame(self.state)
        if self.picture:
            bundle[0]["image/svg+xml"] = self.picture
        return bundle

    @traitlets.observe(*FIELDS)
    def _asked(self, _change: object) -> None:
        """Updates the state after a field has changed, unless the state itself changed the field."""
        shown = read(self.state)
        asked = {name: value for name in FIELDS if (value := getattr(self, name)) is not None}
        if asked == shown:
            return
        changed = [name for name in FIELDS if asked.get(name) != shown.get(name)]
        for name in changed:
            for implied in _IMPLIED.get(name, ()):
                if implied not in changed:
                    asked.pop(implied, None)
        try:
            state = link(asked)
            self.set_trait("error", "")
            self.state = state
        except Exception:
            # An invalid field would make every later change fail, so all fields get the values of the current state.
            self._shown(None)
            raise

    @traitlets.observe("state")
    def _shown(self, _change: object) -> None:
        """Updates the fields after the state has changed."""
        fields = read(self.state)
        with self.hold_trait_notifications():
            for name in FIELDS:
                setattr(self, name, fields.get(name))


def _is_unattended() -> bool:
    """True if this cell runs without a page, as in nbconvert, where input is not allowed."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return False
    return kernel.get_parent("shell").get("content", {}).get("allow_stdin") is False
