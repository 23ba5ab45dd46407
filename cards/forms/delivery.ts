import { dateTime } from "../../src/wording/format";
import { channelTitle } from "../../src/wording/labels";
import { meetingNoun } from "../../src/wording/meetings";
import { noticeNoun, reachedWhom } from "../../src/wording/notReached";
import type { Field, FormContext, FormOf } from "../form";
import { formOf, line, optionsOf, short } from "./fields";
import { given, text } from "./read";

/** What did not arrive: sent again, or told in another way. */

const which = (ctx: FormContext): Field => ({
  kind: "choice",
  id: "notice",
  label: "What did not arrive",
  required: true,
  ...(ctx.view.undelivered[0] ? { value: ctx.view.undelivered[0].notice } : {}),
  options: ctx.view.undelivered.map((x) => ({
    value: x.notice,
    title: `${x.kind === "meeting" ? meetingNoun((x.about as { step?: unknown }).step) : `${noticeNoun(x.kind)} to ${reachedWhom(x.to, ctx.words)}`}, ${dateTime(x.at)}${x.state === "unconfirmed" ? ", in doubt" : ""}`,
  })),
});

export const noticeResend: FormOf = {
  form: (ctx) =>
    formOf("notice.resend", ctx, [
      line("It goes out once more. What is in doubt may have arrived, and may then come twice."),
      which(ctx),
    ]),
  payload: (inputs) => given({ notice: text(inputs, "notice") }),
};

export const noticeTold: FormOf = {
  form: (ctx) =>
    formOf("notice.told", ctx, [
      which(ctx),
      {
        kind: "choice",
        id: "channel",
        label: "You told them",
        required: true,
        compact: true,
        options: optionsOf(channelTitle),
      },
      short("evidence", "What shows it", {
        placeholder: "Call of 12 May, noted in the file",
        hint: "It is kept in the record.",
      }),
    ]),
  payload: (inputs) =>
    given({ notice: text(inputs, "notice"), channel: text(inputs, "channel"), evidence: text(inputs, "evidence") }),
};
