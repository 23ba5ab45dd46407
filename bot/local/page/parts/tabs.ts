/** Arrows, Home and End in a row of tabs, to the tabs pattern of WAI-ARIA: the tab that gets the focus is chosen. */
export function moveAmongTabs(event: KeyboardEvent): void {
  const row = event.currentTarget as HTMLElement;
  const tabs = [...row.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  tab?.focus();
  tab?.click();
}
