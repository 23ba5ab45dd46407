/** The answer to a pressed `Action.Execute`: goes out with HTTP 200 whatever `statusCode` says. */
export interface CardAnswer {
  readonly statusCode: number;
  readonly type:
    | "application/vnd.microsoft.card.adaptive"
    | "application/vnd.microsoft.activity.message"
    | "application/vnd.microsoft.error";
  readonly value: unknown;
}

/** Shows this card in place of the one pressed, to the person who pressed. */
export function cardAnswer(card: object): CardAnswer {
  return { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: card };
}

/** Leaves the card and shows a sentence. */
export function messageAnswer(sentence: string): CardAnswer {
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: sentence };
}

/** Leaves the card and reports a failure: 400 for what the client sent, 500 for what went wrong here. */
export function errorAnswer(statusCode: 400 | 403 | 500, code: string, message: string): CardAnswer {
  return { statusCode, type: "application/vnd.microsoft.error", value: { code, message } };
}

export type DialogSize = number | "small" | "medium" | "large";

/** The answer to `task/fetch` and `task/submit`; undefined closes the dialog. */
export type DialogAnswer =
  | {
      readonly task:
        | {
            readonly type: "continue";
            readonly value: {
              readonly title: string;
              readonly height: DialogSize;
              readonly width: DialogSize;
              readonly card: { readonly contentType: string; readonly content: object };
            };
          }
        | { readonly type: "message"; readonly value: string };
    }
  | undefined;

/** Opens a dialog with a card in it, or replaces what an open one shows. */
export function dialog(
  title: string,
  card: object,
  size: { height?: DialogSize; width?: DialogSize } = {},
): NonNullable<DialogAnswer> {
  return {
    task: {
      type: "continue",
      value: {
        title,
        height: size.height ?? "medium",
        width: size.width ?? "medium",
        card: { contentType: "application/vnd.microsoft.card.adaptive", content: card },
      },
    },
  };
}

/** Replaces the dialog by a sentence. */
export function dialogMessage(sentence: string): NonNullable<DialogAnswer> {
  return { task: { type: "message", value: sentence } };
}
