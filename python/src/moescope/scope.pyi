from typing import Literal, TypedDict

import anywidget

# <record> Generated from the engine's Rust types by `cargo xtask fields`.
class Route(TypedDict):
    layer: int
    scores: list[float]
    choice_scores: list[float]
    group_scores: list[float]
    kept_groups: list[int]
    experts: list[int]
    weights: list[float]
    shares: list[float]

class CacheBytes(TypedDict):
    latent: int
    expanded: int

class NextTokens(TypedDict):
    tokens: list[int]
    probabilities: list[float]
    rest: float

class StepRecord(TypedDict):
    position: int
    token: int
    routes: list[Route]
    cache: CacheBytes
    next: NextTokens
# </record>

class Scope(anywidget.AnyWidget):
    state: str
    """the whole state, written as in a link after its #"""
    # <traits> Generated from www/src/scope/fields.ts by `cargo xtask fields`.
    text: str | None
    """the text; default: an example"""
    ids: str | None
    """tokens appended to the text: their ids, joined by dots (`12.7`: tokens 12 and 7); default: none"""
    opened: str | None
    """a model that was opened from files: the hash of its files, and its name; no numbers are shown until these files are open; default: the shipped model"""
    token: int | None
    """the playhead: the position of the shown token, from 0; default: the last token"""
    ran: int | None
    """the last position that the playhead has reached, from 0; the model runs up to this position, also after the playhead moves back; default: the same as `token`"""
    layer: int | None
    """the selected decoder layer, from 0; default: the top layer"""
    expert: int | None
    """the selected expert; default: none"""
    stage: str | None
    """the stage up to which the step is shown, for example `4.choose`; the number of the stage, from 0, is also accepted; default: the last stage"""
    view: Literal["roll", "start", "router", "next", "flow", "attention", "cache", "grid", "whatif", "cachelab", "models"] | None
    """`roll` `start` `router` `next` `flow` `attention` `cache` `grid` `whatif` `cachelab` `models`; default: `roll`"""
    head: int | None
    """the selected attention head, from 0; default: 0"""
    sort: Literal["expert", "load"] | None
    """order of the grid's experts: by `expert` (index) or `load`; default: `expert`"""
    span: Literal["one", "all"] | None
    """layers in the grid: `one` or `all`; default: `one`"""
    lesson: str | None
    """the lesson that is open: its id, such as `router`; default: none"""
    at: int | None
    """the step of the lesson, from 1; default: 1"""
    reveal: Literal["always", "click"] | None
    """`always`: show each answer at once; `click`: hide it until the reader clicks “Show the answer”; default: `always`"""
    hide: str | None
    """hidden parts: `name` `text` `controls` `scrubber` `sentence` `legend` `prose` `tables`, joined by `_`; default: none"""
    only: str | None
    """the only parts that stay visible, joined by `_`; `view`: no part, only the picture; default: all"""
    autoplay: Literal["on", "off"] | bool | None
    """`on`: play when opened, unless the reader's system asks for less motion; default: `off`"""
    off: str | None
    """experts switched off, `2.14_3.5`: expert 14 of layer 2, expert 5 of layer 3; default: none"""
    forced: str | None
    """experts that are always chosen, written like `off`; default: none"""
    mixture: Literal["all", "only_shared", "without_shared"] | None
    """experts that run: `all` `only_shared` `without_shared`; default: `all`"""
    chosen: int | None
    """number of experts chosen per token; default: the model's"""
    groups: int | None
    """number of groups kept per token; default: the model's"""
    bias: Literal["on", "off"] | bool | None
    """`off`: experts are chosen without the selection bias; default: `on`"""
    shifts: str | None
    """changes of the selection bias, `2.14.-0.25`: -0.25 for expert 14 of layer 2; default: none"""
    rank: int | None
    """number of directions of the latent that the cache stores; default: all"""
    format: Literal["f32", "f16", "int8", "int4"] | None
    """format of the cached values: `f32` `f16` `int8` `int4`; default: `f32`"""
    shown: Literal["auto", "plain", "changed"] | None
    """with a what-if: the run that is shown, `plain` or `changed`; `auto` is the same as `changed`; default: `auto`"""
    temperature: float | None
    """temperature for the next token, 0 to 2; default: 0"""
    seed: int | None
    """seed for drawing the next token; default: 1"""
    speed: float | None
    """speed of playback: 0.5, 1, 2, 4, 8; default: 1"""
    theme: Literal["auto", "light", "dark"] | None
    """`auto` `light` `dark`; default: `auto`"""
    size: float | None
    """size of type and pictures, 0.75 to 2; default: 1"""
    lang: Literal["en"] | None
    """`en`; default: `en`"""
    published: str | None
    """in the view `models`: the selected published model; default: `deepseek-v3`"""
    context: int | None
    """in the view `models`: tokens per user; default: 131072"""
    users: int | None
    """in the view `models`: users at once; default: 8"""
    memory: int | None
    """in the view `models`: GB of memory; default: 1000"""
    bits: Literal[16, 8] | None
    """in the view `models`: 16 or 8 bits per cached value; default: 16"""
    weights: Literal[16, 8, 4, 0] | None
    """in the view `models`: 16, 8 or 4 bits per weight; 0: weights are not in this memory; default: 8"""
    config: str | None
    """in the view `models`: the text of your own `config.json`; default: none"""
    # </traits>
    @property
    def record(self) -> StepRecord | None:
        """the experts that the shown token chose, and the next tokens; None until a token is shown"""
    @property
    def error(self) -> str:
        """the last error in one sentence, or empty"""
    @property
    def picture(self) -> str:
        """the current view as SVG"""
    offline: bool
    """whether a saved notebook gets a frame that works without Python"""

    def __init__(
        self,
        *,
        state: str = "",
        offline: bool = True,
        # <arguments> Generated from www/src/scope/fields.ts by `cargo xtask fields`.
        text: str | None = None,
        ids: str | None = None,
        opened: str | None = None,
        token: int | None = None,
        ran: int | None = None,
        layer: int | None = None,
        expert: int | None = None,
        stage: str | None = None,
        view: Literal["roll", "start", "router", "next", "flow", "attention", "cache", "grid", "whatif", "cachelab", "models"] | None = None,
        head: int | None = None,
        sort: Literal["expert", "load"] | None = None,
        span: Literal["one", "all"] | None = None,
        lesson: str | None = None,
        at: int | None = None,
        reveal: Literal["always", "click"] | None = None,
        hide: str | None = None,
        only: str | None = None,
        autoplay: Literal["on", "off"] | bool | None = None,
        off: str | None = None,
        forced: str | None = None,
        mixture: Literal["all", "only_shared", "without_shared"] | None = None,
        chosen: int | None = None,
        groups: int | None = None,
        bias: Literal["on", "off"] | bool | None = None,
        shifts: str | None = None,
        rank: int | None = None,
        format: Literal["f32", "f16", "int8", "int4"] | None = None,
        shown: Literal["auto", "plain", "changed"] | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        speed: float | None = None,
        theme: Literal["auto", "light", "dark"] | None = None,
        size: float | None = None,
        lang: Literal["en"] | None = None,
        published: str | None = None,
        context: int | None = None,
        users: int | None = None,
        memory: int | None = None,
        bits: Literal[16, 8] | None = None,
        weights: Literal[16, 8, 4, 0] | None = None,
        config: str | None = None,
        # </arguments>
    ) -> None: ...
    def step(self, by: int = 1) -> None:
        """Moves the playhead by this number of tokens."""
    def seek(self, position: int) -> None:
        """Moves the playhead to a position, from 0."""
    def play(self) -> None:
        """Starts playback."""
    def pause(self) -> None:
        """Stops playback."""
