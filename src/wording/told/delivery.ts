import { nobody, type Tellings } from "./about";

/** What did not arrive: the coordinator is told of it by a notice of its own kind, nobody else. */

export const delivery: Tellings<"NoticeLost" | "NoticeResent" | "ToldOtherwise"> = {
  NoticeLost: nobody,
  NoticeResent: nobody,
  ToldOtherwise: nobody,
};
