interface MenuEntry {
  title: string;
  enabled?: boolean;
  run: () => void;
}

/**
 * Opens a menu under a button, to the menu pattern of WAI-ARIA: arrows, Home and End move, Enter and Space run, Escape and
 * Tab close and give the focus back.
 */
export function openMenu(button: HTMLElement, entries: MenuEntry[]): void {
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.setAttribute("role", "menu");
  const items = entries.map(({ title, enabled = true, run }) => {
    const item = document.createElement("button");
    item.type = "button";
    item.className = "menu-item";
    item.setAttribute("role", "menuitem");
    item.tabIndex = -1;
    item.disabled = !enabled;
    item.textContent = title;
    item.onclick = () => {
      close();
      run();
    };
    return item;
  });
  menu.append(...items);

  const outside = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target) && !button.contains(event.target)) close(false);
  };
  const close = (refocus = true) => {
    removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", moved);
    removeEventListener("scroll", moved, true);
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const moved = () => close(false);
  menu.onkeydown = (event) => {
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const go = (to: number) => {
      event.preventDefault();
      items.at(to % items.length)?.focus();
    };
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(-1);
    else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  (button.closest("main") ?? document.body).append(menu);
  place(menu, button);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "true");
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", moved);
  addEventListener("scroll", moved, true);
  items[0]?.focus({ preventScroll: true });
}

function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - size.width - 8);
  const below = at.bottom + 4 + size.height < window.innerHeight;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - size.height - 4)}px`;
}
