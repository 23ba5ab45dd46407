/**
 * Keeps the focus in the page. What is pressed often goes away with the press (Start, Pause, a question that is asked); the focus
 * then goes to what has taken its place, else to what came after it, else to the chosen tab or the page's first control.
 */

const able = (within: ParentNode): HTMLElement[] =>
  [...within.querySelectorAll<HTMLElement>("a[href],button,input,select,textarea,summary,[data-row]")].filter(
    (e) => e.tabIndex >= 0 || e.dataset.row,
  );

/** Of `root` and all that will ever be drawn in it. */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | null = null;
  let place: HTMLElement | null = null;
  let known: HTMLElement[] = [];
  root.addEventListener("focusin", ({ target }) => {
    last = target as HTMLElement;
    place = last.dataset.row ? null : last.parentElement;
    known = able(root);
  });
  new MutationObserver(() => {
    // Another window's focus is not taken.
    if (!last || last.isConnected || !document.hasFocus() || document.activeElement !== document.body) return;
    const next = [
      ...(place?.isConnected ? able(place).filter((e) => !known.includes(e)) : []),
      ...known.slice(known.indexOf(last) + 1),
      ...root.querySelectorAll<HTMLElement>("[aria-selected=true]"),
      ...able(root),
    ].find((e) => e.isConnected && e.getClientRects().length > 0);
    next?.focus();
  }).observe(root, { childList: true, subtree: true });
}
