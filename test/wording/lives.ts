import type { FoldedEvent } from "../../src/case/decider";
import { addDays } from "../../src/rules/calendar";
import type { Grade, Pack } from "../../src/rules/pack";
import { bookingOn, goodEvidence, goodProposal, type Journey, journey, spare } from "../support/case";

/** Cases that between them live through every event there is, with people's own words in each. */
export function lives(pack: Pack): Journey[] {
  const [first, second] = pack.methods;
  if (!first || !second) throw new Error("Two methods at least");
  const grades: Record<string, Grade> = { [first.id]: "fail" };

  const exceptions = pack.rules.englishAndMaths.exceptions.map((x) => x.id);
  const staffed = journey(pack).upTo("staffed");
  const excepted =
    exceptions.length > 0 ? staffed.do("exceptions.correct", { exceptions, reason: "A plan was found" }) : staffed;
  const requests = excepted
    .do("case.correct", { what: "programmeStart", value: "2024-09-09", reason: "A slip of the pen" })
    .do("person.correct", { role: "apprentice", field: "name", reason: "Married" })
    .do("chat.bind", { conversation: "19:case@thread.v2" })
    .do("party.invite", { role: "employer" })
    .do("party.remind", { person: "cora-placeholder", about: "evidence" })
    .do("adjustment.request", {
      kind: "extraTime",
      need: "Reads slowly",
      normalWay: true,
      apprenticeInvolved: true,
      extraTimePercent: 25,
      methods: [],
    });
  const adjustment = requests.case.adjustments[0]?.id ?? "";
  const asked = requests.do("adjustment.decide", { id: adjustment, granted: true, reason: "It is how they work" });

  const item = pack.rules.gatewayEvidence.items[0]?.id ?? "";
  const returned = asked
    .evidenceSubmitted()
    .do("gateway.returnItem", { item, reason: "Cut off below the date" })
    .do("gateway.submit", goodEvidence(pack, item));

  const planned = returned.upTo("planningScheduled").do("planning.save", { agenda: [], subject: "Refunds" });
  const meeting = { lobby: "invited" as const, recording: false };
  const chosen = planned
    .do("planning.offer", { slots: [`${addDays(planned.today, 9)}T13:00:00Z`], where: "Room 5" })
    .do("planning.accept", { at: `${addDays(planned.today, 9)}T13:00:00Z` }, { by: "employer" });
  const onTeams = planned.do("planning.schedule", { at: "2026-04-02T13:00:00Z", where: "Microsoft Teams", meeting });
  const named = { of: "planning", asked: onTeams.case.planning.online?.asked ?? 0 };
  const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0";
  const made = onTeams
    .noted({ kind: "made", ...named, event: "AAMk1", uid: "0400", link, at: "2026-04-02T13:00:00Z" })
    .noted({ kind: "setUp", ...named, step: "options", chat: "19:meeting_x@thread.v2" })
    .noted({ kind: "setUp", ...named, step: "app" });
  const lifted = planned.do("rule.lift", { rule: anyOverride(pack), reason: "No other day" });

  const dispensed = pack.methods.some((m) => m.session.setting?.dispensation)
    ? lifted.do("dispensation.grant", { reference: "D-17" })
    : lifted;

  const moved = dispensed.upTo("booked", { grades });
  const booking = moved.attempt(second.id).session.booking;
  const at = booking?.at ?? "";
  const after = moved.do("session.move", {
    method: second.id,
    at: `${at.slice(0, 11)}13:30:00Z`,
    setting: booking?.setting ?? "teams",
    where: "Room 5",
    reason: "Stock count",
  });
  const ill = after.do("consideration.request", { method: first.id, what: "Had a fever", rescheduleTried: true });
  const consideration = ill.case.considerations.at(-1)?.id ?? "";
  const heard = ill.do("consideration.decide", { id: consideration, granted: false, reason: "Move it instead" });

  const running = heard
    .started(first.id)
    .do("session.note", { method: first.id, text: "Spoke of past changes only", criteria: [] })
    .inSeconds(600)
    .seen(first.id, { what: "started", at: "2026-04-14T08:01:00Z" })
    .seen(first.id, { what: "joined", at: "2026-04-14T08:02:00Z", person: "ada-example" })
    .seen(first.id, { what: "left", at: "2026-04-14T08:03:00Z" })
    .do("session.pause", { method: first.id, reason: "Fire alarm" })
    .inSeconds(600)
    .do("session.resume", { method: first.id })
    .do("session.notHeld", { method: first.id, why: "abandoned", detail: "Felt unwell" });
  const { at: slot, ...place } = bookingOn(pack, first.id, addDays(running.today, 16));
  const offered = running.do("session.offer", { slots: [slot], ...place });

  const sampled = journey(pack).sampling(1).upTo("held", { grades });
  const confirmed = sampled
    .notBefore("2026-04-16")
    .confirmedGrade(second.id)
    .do("moderation.sendBack", { method: second.id, reason: "Look again at the second point" });
  const key = second.criteria.distinction[0];
  const criterion = key?.parts ? `${key.id}.${key.parts[0]?.id}` : (key?.id ?? "");
  const to = confirmed.attempt(second.id).marks[criterion] === "met" ? "notMet" : "met";
  const corrected = confirmed
    .do("mark.correct", { method: second.id, criterion, mark: to, reason: "Heard it in the recording" })
    .confirmedGrade(second.id);
  const observed = pack.methods.find((m) => m.session.questionsPart) ?? first;
  const begun = journey(pack).upTo("booked").started(observed.id);
  const drawing = begun
    .do("session.draw", { method: observed.id })
    .do("session.note", { method: observed.id, text: "Calm at the till", criteria: [] }, { command: "note" })
    .do("session.correctNote", { method: observed.id, note: "note", text: "Calm at the desk", criteria: [] });
  const asking = drawing
    .do("session.ask", { method: observed.id, text: "Why then?", kind: "followUp", criteria: [] })
    .do("session.ask", { method: observed.id, text: "And now?", kind: "followUp", criteria: [] }, { command: "slip" })
    .do("session.unask", { method: observed.id, question: "slip", reason: "Ticked by mistake" })
    .do("session.present", { method: observed.id, who: ["apprentice", "assessor"], others: "A shop manager" });
  const openedAndClosed = observed.session.questionsPart
    ? asking
        .do("session.questions", { method: observed.id, part: "open" })
        .do("session.questions", { method: observed.id, part: "close" })
    : asking;

  const later = journey(pack).upTo("graded", { grades });
  const sampledLater = later.do("moderation.sample", { method: first.id });
  const withheld = later
    .do("results.withhold", { reason: "Under enquiry" })
    .do("results.resume", { reason: "Cleared up" });

  const released = withheld.released();
  const enquiry = released.do("enquiry.raise", { grounds: "I showed this", method: first.id });
  const answered = enquiry.do("enquiry.answer", { id: enquiry.case.challenges[0]?.id ?? "", answer: "Not in full" });
  const appeal = answered.do("appeal.raise", { grounds: "I did show this" });
  const decided = appeal.do(
    "appeal.decide",
    {
      id: appeal.case.challenges.at(-1)?.id ?? "",
      upheld: true,
      answer: "The recording shows it",
      regrade: { method: first.id, grade: "pass" },
    },
    { by: { person: spare.iqa, role: "iqa" } },
  );
  const again = released.reopened("resit", [first.id]);
  const lift = pack.rules.cap.override
    ? again.do("cap.lift", { reason: "Flood on the first day" }).handedIn().booked()
    : again;
  const result = { kind: "result", repeat: "never" as const, about: { release: 1 }, code: "ConversationNotFound" };
  const lost = released
    .lost(
      { ...result, notice: "n-1-result-ada", to: released.case.parties.apprentice, state: "dead" },
      { ...result, notice: "n-1-chat", kind: "chat", to: "chat", state: "unconfirmed" },
      { ...result, notice: "n-1-record", kind: "record", to: released.case.parties.employer, state: "unconfirmed" },
    )
    .do("notice.resend", { notice: "n-1-chat" })
    .do("notice.told", { notice: "n-1-record", channel: "phone", evidence: "Call of that day, on file" });
  const withdrawn = journey(pack).upTo("staffed").do("case.withdraw", { reason: "Left the firm" });
  const erased = withdrawn.inMonths(72).do("case.erase", { ref: withdrawn.case.ref });
  const conflict = journey(pack)
    .upTo("registered")
    .do("staff.allocate", { role: "assessor", person: spare.assessor })
    .do("interest.declare", { conflict: true, detail: "My neighbour" }, { by: "assessor" });

  return [
    running,
    offered,
    corrected.graded(),
    openedAndClosed,
    sampledLater,
    answered,
    decided,
    lift,
    withdrawn,
    erased,
    conflict,
    lost,
    made,
    chosen,
    ...proposals(pack),
  ];
}

/** A proposal that comes back twice and is allowed a third time. */
function proposals(pack: Pack): Journey[] {
  if (pack.rules.projectSubject.how.kind !== "proposal") return [];
  const back = (j: Journey) =>
    j.inDays(1).do("proposal.return", {
      n: j.case.proposals.length,
      reasons: ["ksbs"],
      feedback: "Say what you did, step by step",
    });
  const once = back(journey(pack).upTo("planningScheduled")).do("proposal.submit", goodProposal(pack));
  return [back(once).do("proposal.reopen", { reason: "One more time" })];
}

function anyOverride(pack: Pack): string {
  const rule = Object.values(pack.rules).find((r) => r.override && r.effect === "block" && r.id !== "R31");
  if (!rule) throw new Error("No rule to lift");
  return rule.id;
}

/** Every event of them, with the case as it stood after it all. */
export const eventsOf = (pack: Pack): { j: Journey; e: FoldedEvent }[] =>
  lives(pack).flatMap((j) => j.log.map((e) => ({ j, e })));
