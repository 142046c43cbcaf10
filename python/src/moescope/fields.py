"""The fields of a link: their types, which the manifest of the page's element lists, and the text of their values."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import traitlets

STATIC = Path(__file__).parent / "static"
"""Files of the page, made by ``cargo xtask build``."""

VERSION = "1"
"""Version of the link."""

DIGITS = 300
"""Maximum number of digits before the decimal point in a number of a link."""

DECIMALS = 20
"""Maximum number of digits after the decimal point in a number of a link."""

Value = str | int | float


class Field(traitlets.TraitType):
    """A trait for one field of a link. The value None stands for the default."""

    default_value = None
    allow_none = True

    def __init__(self, field: str, kind: str, meaning: str) -> None:
        super().__init__(help=meaning)
        self.field = field
        self.is_number = kind == "number"
        self.choices = () if kind in ("number", "string") else tuple(map(_choice, kind.split(" | ")))

    def validate(self, obj: object, value: object) -> Value | None:
        """Checks a value; returns it as if read from a link. An error names the field, the value and what is expected."""
        plain = _plain(value)
        if self.choices:
            if plain in self.choices:
                # Returns the listed choice, not the given value: 2.0 equals the choice 2, but the page writes 2.
                return self.choices[self.choices.index(plain)]
        elif self.is_number:
            if isinstance(plain, int | float) and 0 <= plain < 10**DIGITS:
                return self.read(_written(plain))
        elif isinstance(plain, str) and not isinstance(value, bool):
            if (half := re.search(r"[\ud800-\udfff]", plain)) is None:
                return plain
            raise traitlets.TraitError(
                f"{self.field} has half a character, {half[0]!a}, at {half.start()}; expected whole characters"
            )
        raise traitlets.TraitError(f"{self.field} is {value!r}; expected {self.expected}, or None for the default")

    @property
    def expected(self) -> str:
        """The allowed values, as words for an error sentence."""
        if self.choices:
            return " or ".join(repr(choice) for choice in self.choices)
        return "a number from 0" if self.is_number else "a string"

    def read(self, written: str) -> Value:
        """Converts the text of a value in a link to the value, which is not validated yet."""
        is_number = self.is_number or any(isinstance(choice, int | float) for choice in self.choices)
        if is_number and re.fullmatch(rf"-?\d{{1,{DIGITS}}}(\.\d{{1,{DECIMALS}}})?", written, re.ASCII):
            return float(written) if "." in written else int(written)
        return written


def _plain(value: object) -> object:
    """The value as a str, int or float, also if it has one of numpy's own types; None for other kinds of values."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        try:
            return round(float(value), DECIMALS)
        except OverflowError:
            return None
    return None


def _choice(word: str) -> Value:
    """The value of a TypeScript literal."""
    if word.startswith("'"):
        return word.strip("'")
    return float(word) if "." in word else int(word)


def _manifest() -> dict[str, dict]:
    """The attributes of the page's element, by name."""
    manifest = json.loads((STATIC / "custom-elements.json").read_text("utf-8"))
    attributes = manifest["modules"][0]["declarations"][0]["attributes"]
    # `lesson-src` is no field: it is not part of the state.
    return {each["name"]: each for each in attributes if each["name"] == each["fieldName"]}


FIELDS = {
    name: Field(name, each["type"]["text"], each["description"])
    for name, each in _manifest().items()
    if "deprecated" not in each
}
"""All fields by name, in the order in which a link has them."""

ALIASES = {name: each["deprecated"].removeprefix("use ") for name, each in _manifest().items() if "deprecated" in each}
"""The old names of renamed fields, which can still be read, and their current names."""


def link(fields: Mapping[str, Value]) -> str:
    """The fields written as in a link after its ``#``."""
    written = [(name, _written(fields[name])) for name in FIELDS if name in fields]
    return urlencode([("v", VERSION), *written])


def read(link: str) -> dict[str, Value]:
    """The fields of a link; an address before its ``#`` is ignored."""
    pairs = parse_qsl(link[link.find("#") + 1 :], keep_blank_values=True)
    # If a name occurs twice, its first value counts.
    written = dict(reversed(pairs))
    version = written.pop("v", VERSION if not written else None)
    for old, name in ALIASES.items():
        if old in written:
            written.setdefault(name, written.pop(old))
    if version != VERSION:
        raise traitlets.TraitError(f"state has the version {version!r}; expected a link that begins with v={VERSION}")
    fields: dict[str, Value] = {}
    for name, field in FIELDS.items():
        if name in written:
            value = field.validate(None, field.read(written.pop(name)))
            if value is not None:
                fields[name] = value
    if written:
        raise traitlets.TraitError(f"state has {', '.join(written)}; expected {', '.join(FIELDS)}")
    return fields


def _written(value: Value) -> str:
    """The value as a string; a number has decimal digits and no exponent."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


class State(traitlets.TraitType):
    """The whole state: the part of a link after its ``#``."""

    default_value = f"v={VERSION}"

    def validate(self, obj: object, value: object) -> str:
        """The part of the link after its ``#``; raises an error if a field cannot be read."""
        if not isinstance(value, str):
            raise traitlets.TraitError(f"state is {value!r}; expected a link, or its part after the #")
        read(value)
        return value[value.find("#") + 1 :]
