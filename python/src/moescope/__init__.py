"""moescope in a notebook: a real DeepSeek-V3-architecture model, token by token.

Read in this order: ``scope`` is the widget; ``fields`` is what a link can say; ``frame`` is what a notebook shows where
nobody runs it.
"""

from .scope import Scope

__all__ = ["Scope"]
__version__ = "0.1.0"
