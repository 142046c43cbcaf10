"""moescope in a notebook: a real DeepSeek-V3-architecture model, token by token.

Read in this order: ``scope`` is the widget, ``fields`` reads and writes links, and ``frame`` makes the frame in a saved
notebook.
"""

from .scope import Scope

__all__ = ["Scope"]
__version__ = "0.1.0"
