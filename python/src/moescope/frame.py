"""What a notebook shows where nobody runs it: a frame that has the page, the engine and the model in it."""

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
    """An ``<iframe>`` that opens at a state, is as tall as its content, and asks nothing of any server."""
    before, after = _page()
    # A link that was read and written again has no letter that would end the element or the attribute.
    page = f"{before}{_quoted(_STATE.replace('><', f'>{link(read(state))}<'))}{after}"
    attributes = 'sandbox="allow-scripts" width="100%" height="640" style="border: 0" loading="lazy" title="moescope"'
    return f'<iframe {attributes} srcdoc="{page}"></iframe>\n{_FOLLOW}'


@cache
def _page() -> tuple[str, str]:
    """The one file before and after the place of its state."""
    before, after = (STATIC / "moescope.html").read_text("utf-8").split(_STATE)
    return _quoted(before), _quoted(after)


def _quoted(html: str) -> str:
    return html.replace("&", "&amp;").replace('"', "&quot;")
