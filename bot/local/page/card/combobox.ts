/** One thing to pick. */
export interface Option {
  value: string;
  title: string;
  subtitle?: string;
}

interface Settings {
  /** What fits the words typed; may ask the server. */
  find: (text: string) => Option[] | Promise<Option[]>;
  chosen: Option[];
  many: boolean;
  placeholder: string;
  changed: () => void;
}

let made = 0;

/**
 * A text field with a list under it, to the combobox pattern of WAI-ARIA: arrows move, Enter picks, Escape closes. With
 * `many`, what is picked stands before the field and is taken back with its button or with Backspace.
 */
export class Combobox {
  readonly element = document.createElement("div");
  readonly field = document.createElement("input");
  private readonly list = document.createElement("div");
  private readonly picked = document.createElement("span");
  private readonly id = `combobox-${++made}`;
  private options: Option[] = [];
  private active = -1;
  private asked = 0;

  constructor(private readonly settings: Settings) {
    this.element.className = "ac-input combobox";
    this.picked.className = "combobox-picked";
    this.list.className = "combobox-list";
    this.list.id = `${this.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    const { field } = this;
    field.type = "text";
    field.autocomplete = "off";
    field.spellcheck = false;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", this.list.id);
    field.oninput = () => this.typed();
    field.onclick = () => void this.open();
    field.onkeydown = (event) => this.key(event);
    field.onblur = () => this.left();
    this.element.append(this.picked, field, this.list);
    this.draw();
  }

  get chosen(): readonly Option[] {
    return this.settings.chosen;
  }

  /** True while the field holds words that were never turned into a choice. */
  get undecided(): boolean {
    const text = this.field.value.trim();
    return text !== "" && (this.settings.many || this.chosen[0]?.title !== text);
  }

  private typed(): void {
    if (!this.settings.many && this.undecided) this.settings.chosen = [];
    this.settings.changed();
    void this.open();
  }

  private async open(): Promise<void> {
    const mine = ++this.asked;
    const text = this.field.value === this.chosen[0]?.title ? "" : this.field.value.trim();
    const found = this.settings.find(text);
    if (found instanceof Promise) this.say("Searching…");
    let options: Option[];
    try {
      options = await found;
    } catch {
      if (mine === this.asked) this.say("The search failed. Type again.");
      return;
    }
    if (mine !== this.asked || document.activeElement !== this.field) return;
    const taken = new Set(this.settings.many ? this.chosen.map((option) => option.value) : []);
    this.options = options.filter((option) => !taken.has(option.value));
    if (this.options.length === 0) return this.say("Nobody or nothing found");
    this.list.replaceChildren(...this.options.map((option, index) => this.row(option, index)));
    this.show(0);
  }

  private say(text: string): void {
    this.options = [];
    const line = document.createElement("div");
    line.className = "combobox-note";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = text;
    this.list.replaceChildren(line);
    this.show(-1);
  }

  private row(option: Option, index: number): HTMLElement {
    const row = document.createElement("div");
    row.className = "combobox-option";
    row.id = `${this.id}-${index}`;
    row.setAttribute("role", "option");
    const title = document.createElement("span");
    title.textContent = option.title;
    row.append(title);
    if (option.subtitle) {
      const subtitle = document.createElement("small");
      subtitle.textContent = option.subtitle;
      row.append(subtitle);
    }
    // Before the field loses its focus, or the list would be gone when the click comes.
    row.onpointerdown = (event) => {
      event.preventDefault();
      this.pick(option);
    };
    return row;
  }

  private show(active: number): void {
    const below = this.element.getBoundingClientRect();
    const room = window.innerHeight - below.bottom;
    this.list.style.left = `${below.left}px`;
    this.list.style.width = `${below.width}px`;
    this.list.style.top = room > 180 ? `${below.bottom}px` : "";
    this.list.style.bottom = room > 180 ? "" : `${window.innerHeight - below.top}px`;
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.move(active);
  }

  private close(): void {
    this.asked += 1;
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  private left(): void {
    this.close();
    const only = this.options.find((option) => option.title.toLowerCase() === this.field.value.trim().toLowerCase());
    if (this.undecided && only) this.pick(only);
  }

  private move(to: number): void {
    this.active = this.options.length === 0 ? -1 : (to + this.options.length) % this.options.length;
    for (const [index, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) row.scrollIntoView({ block: "nearest" });
    }
    if (this.active >= 0) this.field.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) void this.open();
      else this.move(this.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const option = this.options[this.active];
      if (option) this.pick(option);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.field.value === "" && this.settings.many) {
      this.settings.chosen = this.chosen.slice(0, -1);
      this.draw();
      this.settings.changed();
    }
  }

  private pick(option: Option): void {
    this.settings.chosen = this.settings.many ? [...this.chosen, option] : [option];
    this.draw();
    this.close();
    this.settings.changed();
  }

  private draw(): void {
    const { many, placeholder } = this.settings;
    this.field.value = many ? "" : (this.chosen[0]?.title ?? "");
    this.field.placeholder = many && this.chosen.length > 0 ? "" : placeholder;
    this.picked.replaceChildren(...(many ? this.chosen.map((option) => this.pill(option)) : []));
  }

  private pill(option: Option): HTMLElement {
    const pill = document.createElement("span");
    pill.className = "pill";
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `Remove ${option.title}`);
    remove.onclick = () => {
      this.settings.chosen = this.chosen.filter((other) => other !== option);
      this.draw();
      this.settings.changed();
      this.field.focus();
    };
    pill.append(option.title, remove);
    return pill;
  }
}
