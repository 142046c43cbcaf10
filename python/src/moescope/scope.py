"""The widget: a view of the model in a cell. All that is shown is one link, which the page and Python share; each field
of it is a trait."""

from types import new_class

import anywidget
import traitlets
from IPython import get_ipython

from .fields import FIELDS, STATIC, State, Value, link, read
from .frame import frame

# What a new value makes of others that were said before it: another text has other tokens.
_IMPLIED = {"text": ("ids", "token", "ran"), "ids": ("ran",), "token": ("ran",)}

_Fields = new_class("_Fields", (anywidget.AnyWidget,), exec_body=lambda body: body.update(FIELDS))


class Scope(_Fields):
    """One view of a DeepSeek-V3-architecture model: ``Scope(text="The fox ran.", view="router", token=2)``.

    Each field of a link is a trait, and None its usual value: setting one changes the page, and what is done in the
    page changes it. ``offline=False`` leaves the frame out of the notebook that shows the same where nobody runs it.
    """

    _esm = STATIC / "widget.js"

    state = State(help="all that is shown, as a link has it behind its #").tag(sync=True)
    record = traitlets.Dict(
        default_value=None, allow_none=True, read_only=True, help="what the shown token chose, and what follows"
    ).tag(sync=True, echo_update=False)
    error = traitlets.Unicode(read_only=True, help="what could not be done, in one sentence").tag(sync=True)
    picture = traitlets.Unicode(read_only=True, help="what is shown, as SVG").tag(sync=True, echo_update=False)
    offline = traitlets.Bool(True, help="whether the notebook gets a frame that works where nobody runs it")

    def __init__(self, *, state: str = "", offline: bool = True, **fields: Value | None) -> None:
        for name in fields:
            if name not in FIELDS:
                raise TypeError(f"Scope has no {name!r}; it has state, offline, {', '.join(FIELDS)}")
        super().__init__(offline=offline, **{**read(state), **fields})

    def step(self, by: int = 1) -> None:
        """Goes on by tokens, or back."""
        self.send({"do": "step", "by": by})

    def seek(self, position: int) -> None:
        """Goes to a token by its position, from 0."""
        self.send({"do": "seek", "position": position})

    def play(self) -> None:
        """Plays."""
        self.send({"do": "play"})

    def pause(self) -> None:
        """Stops playing."""
        self.send({"do": "pause"})

    def open(self) -> None:
        """Meets the page, where there is one: else the widget's state would only make the notebook larger."""
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
        """A field has changed: so has the state, unless it was the state that changed the field."""
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
            # Fields that no link can say would fail every later change: they are again what is shown.
            self._shown(None)
            raise

    @traitlets.observe("state")
    def _shown(self, _change: object) -> None:
        """The state has changed: so have its fields."""
        fields = read(self.state)
        with self.hold_trait_notifications():
            for name in FIELDS:
                setattr(self, name, fields.get(name))


def _is_unattended() -> bool:
    """Whether this cell is run with nobody there who could be asked something, as nbconvert runs it: no page will
    ever answer."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return False
    return kernel.get_parent("shell").get("content", {}).get("allow_stdin") is False
