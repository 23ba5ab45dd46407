import { ChoiceSetInput, type SerializationContext } from "adaptivecards";
import { Combobox, type Option } from "./combobox";

/** Where people and their names come from; the page asks the stand-in's directory. */
export interface Directory {
  search: (text: string, dataset: string) => Promise<Option[]>;
  nameOf: (value: string) => string | undefined;
}

/**
 * `Input.ChoiceSet` as Teams draws it where the renderer does not: `style: "filtered"` and a people picker
 * (`choices.data` over `graph.microsoft.com/users`) are fields that search as you type, and their value is the choice's
 * `value`, an object id, never the words typed.
 */
export class TeamsChoiceSet extends ChoiceSetInput {
  static directory: Directory = { search: async () => [], nameOf: () => undefined };
  private dataset: string | undefined;
  private box: Combobox | undefined;

  override parse(source: Record<string, unknown>, context?: SerializationContext): void {
    super.parse(source, context);
    const query = source["choices.data"];
    const dataset = typeof query === "object" && query !== null && "dataset" in query ? query.dataset : undefined;
    this.dataset = typeof dataset === "string" ? dataset : undefined;
  }

  private get searches(): boolean {
    return this.dataset !== undefined || this.style === "filtered";
  }

  override isDynamicTypeahead(): boolean {
    return false;
  }

  protected override internalRender(): HTMLElement | undefined {
    if (!this.searches) return super.internalRender();
    const values = this.defaultValue
      ? this.isMultiSelect
        ? this.defaultValue.split(",").map((value) => value.trim())
        : [this.defaultValue]
      : [];
    this.box = new Combobox({
      find: (text) => this.find(text),
      chosen: values.filter(Boolean).map((value) => this.option(value)),
      many: this.isMultiSelect,
      placeholder: this.placeholder ?? (this.dataset ? "Search for people" : "Choose"),
      changed: () => this.valueChanged(),
    });
    if (this.isRequired) this.box.field.setAttribute("aria-required", "true");
    return this.box.element;
  }

  private option(value: string): Option {
    const choice = this.choices.find((one) => one.value === value);
    return { value, title: choice?.title ?? TeamsChoiceSet.directory.nameOf(value) ?? value };
  }

  private find(text: string): Option[] | Promise<Option[]> {
    const wanted = text.toLowerCase();
    const own = this.choices
      .filter((choice) => choice.title?.toLowerCase().includes(wanted))
      .map((choice) => ({ value: choice.value ?? "", title: choice.title ?? "" }));
    if (!this.dataset) return own;
    return TeamsChoiceSet.directory.search(text, this.dataset).then((people) => {
      const known = new Set(own.map((option) => option.value));
      return [...own, ...people.filter((person) => !known.has(person.value))];
    });
  }

  override get value(): string | undefined {
    if (!this.box) return super.value;
    return this.box.chosen.map((option) => option.value).join(",") || undefined;
  }

  override isSet(): boolean {
    return this.box ? this.value !== undefined : super.isSet();
  }

  override isValid(): boolean {
    return this.box ? !this.box.undecided : super.isValid();
  }

  override focus(): void {
    if (this.box) this.box.field.focus();
    else super.focus();
  }

  protected override updateInputControlAriaLabelledBy(): void {
    super.updateInputControlAriaLabelledBy();
    if (!this.box) return;
    this.box.element.removeAttribute("aria-labelledby");
    const labels = this.getAllLabelIds();
    if (labels.length > 0) this.box.field.setAttribute("aria-labelledby", labels.join(" "));
    else this.box.field.setAttribute("aria-label", this.placeholder ?? "Choose");
  }
}
