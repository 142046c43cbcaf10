// Follows the theme of the notebook around the widget: JupyterLab sets light or dark on the page's body and may change
// it.

const IS_LIGHT = 'data-jp-theme-light';

/** Keeps `data-around` of an element equal to the notebook's theme, until the returned function is called. */
export function follow(element: HTMLElement): () => void {
  const look = (): void => {
    const light = document.body.getAttribute(IS_LIGHT);
    if (light === null) delete element.dataset.around;
    else element.dataset.around = light === 'false' ? 'dark' : 'light';
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributeFilter: [IS_LIGHT] });
  return () => {
    observer.disconnect();
  };
}
