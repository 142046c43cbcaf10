// Follows the theme of the notebook around the widget: JupyterLab sets light or dark on the page's body and may change
// it.

const SAYS = 'data-jp-theme-light';

/** Keeps `data-around` of an element at the notebook's theme, until the returned function is called. */
export function follow(element: HTMLElement): () => void {
  const look = (): void => {
    const said = document.body.getAttribute(SAYS);
    if (said === null) delete element.dataset.around;
    else element.dataset.around = said === 'false' ? 'dark' : 'light';
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributeFilter: [SAYS] });
  return () => {
    observer.disconnect();
  };
}
