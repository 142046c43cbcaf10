// Follows the theme of the notebook around the widget: JupyterLab sets light or dark on the page's body and may change
// it.

const IS_LIGHT = 'data-jp-theme-light';

/** Sets the `color-scheme` of an element, which its content inherits, until the returned function is called. */
export function follow(element: HTMLElement): () => void {
  const look = (): void => {
    const light = document.body.getAttribute(IS_LIGHT);
    element.style.colorScheme = light === null ? '' : light === 'false' ? 'dark' : 'light';
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributeFilter: [IS_LIGHT] });
  return () => {
    observer.disconnect();
  };
}
