"""The frame in a saved notebook: it contains the page, the engine and the model, and needs no Python."""

from functools import cache

from .fields import STATIC, link, read

_STATE = '<script type="text/plain" id="moescope-state"></script>'
_FOLLOW = """\
<script>
  (frame => {
    addEventListener('message', ({ source, data }) => {
      if (source !== frame.contentWindow || data?.moescope !== 1) return;
      if (data.type === 'resize') frame.height = data.height;
    });
  })(document.currentScript.previousElementSibling);
</script>"""


def frame(state: str) -> str:
    """An ``<iframe>`` that opens at a state, is as tall as its content, and contacts no server."""
    before, after = _page()
    # Reading and writing the link encodes every character that could end the element or the attribute.
    page = f"{before}{_quoted(_STATE.replace('><', f'>{link(read(state))}<'))}{after}"
    attributes = 'sandbox="allow-scripts" width="100%" height="640" style="border: 0" loading="lazy" title="moescope"'
    return f'<iframe {attributes} srcdoc="{page}"></iframe>\n{_FOLLOW}'


@cache
def _page() -> tuple[str, str]:
    """The parts of ``moescope.html`` before and after its state."""
    before, after = (STATIC / "moescope.html").read_text("utf-8").split(_STATE)
    return _quoted(before), _quoted(after)


def _quoted(html: str) -> str:
    return html.replace("&", "&amp;").replace('"', "&quot;")
