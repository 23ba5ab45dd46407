import { buttonsOf, fill, inputsOf, theButton, wordsOf } from "../support/cardReading";

const card = {
  type: "AdaptiveCard",
  body: [
    { type: "TextBlock", text: "Ada Example" },
    {
      type: "ColumnSet",
      columns: [
        { type: "Column", items: [{ type: "RichTextBlock", inlines: [{ type: "TextRun", text: "Due " }, "today"] }] },
      ],
    },
    { type: "Input.Date", id: "date-r3", label: "Interview date: too early", isRequired: true },
    {
      type: "Input.ChoiceSet",
      id: "reasons",
      label: "Reasons",
      choices: [
        { title: "Too wide", value: "wide" },
        { title: "Other", value: "other" },
      ],
    },
    { type: "Input.Toggle", id: "sure", title: "I am sure", valueOn: "yes", valueOff: "no" },
    { type: "Input.Number", id: "words", label: "Words", min: 1, max: 10, value: 5 },
    {
      type: "ActionSet",
      actions: [
        { type: "Action.Execute", title: "Accept", tooltip: "Accept the portfolio", verb: "item.accept" },
        { type: "Action.Execute", title: "Accept", tooltip: "Accept the report", verb: "item.accept" },
      ],
    },
  ],
  actions: [
    { type: "Action.OpenUrl", title: "Read" },
    {
      type: "Action.ShowCard",
      title: "Return",
      card: {
        type: "AdaptiveCard",
        body: [{ type: "Input.Text", id: "why", label: "Why", isRequired: true }],
        actions: [{ type: "Action.Submit", title: "Return it", data: { verb: "return" } }],
      },
    },
    { type: "Action.Submit", title: "Remind", associatedInputs: "none" },
  ],
};

describe("the driver reads a card as a person does", () => {
  test("its words", () => {
    expect(wordsOf(card)).toContain("Ada Example\nDue today\nInterview date: too early");
  });

  test("its buttons, those behind others too, by title, tooltip or verb", () => {
    const buttons = buttonsOf(card);
    expect(buttons.map(({ title }) => title)).toEqual(["Accept", "Accept", "Return it", "Remind"]);
    expect(theButton(buttons, "return").title).toBe("Return it");
    expect(theButton(buttons, "Accept the report").tooltip).toBe("Accept the report");
    expect(() => theButton(buttons, "Accept")).toThrow("Several");
    expect(() => theButton(buttons, "Grade")).toThrow('No button "Grade"');
  });

  test("a button sends the inputs it stands among, or none", () => {
    const [, , inner, alone] = buttonsOf(card);
    expect(inner?.inputs.map(({ id }) => id)).toEqual(["date-r3", "reasons", "sure", "words", "why"]);
    expect(alone?.inputs).toEqual([]);
  });
});

describe("the driver fills a form as a person does", () => {
  const inputs = inputsOf(card);
  test("by labels or ids or how they begin, choices by their titles, with what stood there", () => {
    const filled = { "Interview date": "2026-06-18", reasons: "Too wide", "I am sure": true };
    expect(fill(inputs, filled)).toEqual({ "date-r3": "2026-06-18", reasons: "wide", sure: "yes", words: "5" });
  });

  test.each([
    [{}, "required"],
    [{ "Interview date": "tomorrow" }, "YYYY-MM-DD"],
    [{ date: "2026-06-18", reasons: "None" }, "no choice"],
    [{ date: "2026-06-18", words: 11 }, "1 to 10"],
    [{ date: "2026-06-18", colour: "red" }, 'No input "colour"'],
  ])("and is stopped where the renderer stops a person: %j", (filled, why) => {
    expect(() => fill(inputs, filled as never)).toThrow(why);
  });
});
