import type { OutsideRole } from "../case/case";
import type { CommandType } from "../case/decider";
import { inSentence, spelled } from "./format";
import { gradeTitle, roleNoun, wordIn } from "./labels";
import type { Words } from "./words";

/** What each command is called: on its button, over its dialog, and when it was refused. */

type Data = Readonly<Record<string, unknown>>;

interface Name {
  /** Its verb alone: "Move". */
  verb: string;
  /** Verb and object: "Book interview". */
  title: string | ((data: Data, w: Words) => string);
  /** "Not moved yet". */
  done: string;
}

const name = (verb: string, title: Name["title"], done: string): Name => ({ verb, title, done });
const id = (data: Data, key: string) => (typeof data[key] === "string" ? (data[key] as string) : undefined);

/** The method's session without article: "interview". */
const session = (d: Data, w: Words) => w.theSession(id(d, "method")).replace(/^the /, "");
const ofSession = (verb: string, done: string): Name => name(verb, (d, w) => `${verb} ${session(d, w)}`, done);
const ofItem = (verb: string, done: string): Name =>
  name(verb, (d, w) => `${verb}: ${w.evidence(id(d, "item"))}`, done);
const roleIn = (d: Data) => wordIn(roleNoun, d.role);
const grade = (d: Data) => wordIn(gradeTitle, d.grade);

const names: Readonly<Record<CommandType, Name>> = {
  "case.register": name("Register", "Register apprentice", "registered"),
  "case.withdraw": name("Withdraw", "Withdraw case", "withdrawn"),
  "case.correct": name("Correct", "Correct a date", "corrected"),
  "exceptions.correct": name("Correct", "Correct exceptions", "corrected"),
  "case.erase": name("Erase", "Erase case", "erased"),
  "person.correct": name("Correct", "Correct name or mail", "corrected"),
  "rule.lift": name("Lift", "Lift a rule", "lifted"),
  "chat.bind": name("Use", "Use this chat", "changed"),
  "party.remind": name("Remind", "Remind", "sent"),
  "party.invite": name("Send", "Send new invitation", "sent"),
  "staff.allocate": name("Allocate", (d) => `Allocate ${roleIn(d) ?? "staff"}`, "allocated"),
  "interest.declare": name(
    "Declare",
    (d) => (d.conflict === true ? "I have found a conflict" : "Declare interest"),
    "declared",
  ),

  "adjustment.request": name("Ask", "Ask for adjustment", "sent"),
  "adjustment.decide": name("Decide", "Decide on adjustment", "decided"),
  "consideration.request": name("Ask", "Ask for special consideration", "sent"),
  "consideration.decide": name("Decide", "Decide on special consideration", "decided"),
  "dispensation.grant": name("Record", "Record dispensation", "recorded"),

  "gateway.attest": name("State", "State time on programme", "stated"),
  "gateway.submit": ofItem("Hand in", "handed in"),
  "gateway.acceptItem": ofItem("Accept", "accepted"),
  "gateway.returnItem": ofItem("Return", "returned"),
  "gateway.confirm": name("Confirm", "Confirm gateway", "confirmed"),
  "gateway.ready": name("Say", "Say I am ready", "recorded"),
  "gateway.accept": name("Accept", "Accept gateway", "accepted"),

  "planning.schedule": name(
    "Book",
    (d) => (d.booked === true ? "Move planning meeting" : "Book planning meeting"),
    "booked",
  ),
  "planning.offer": name("Offer", "Offer times for planning", "offered"),
  "planning.accept": name("Choose", "Choose a time for planning", "chosen"),
  "planning.save": name("Save", "Save for later", "saved"),
  "planning.finish": name("Finish", "Finish planning", "finished"),

  "proposal.submit": name("Hand in", "Hand in proposal", "handed in"),
  "proposal.return": name("Return", "Return proposal", "returned"),
  "proposal.accept": name("Accept", "Accept proposal", "accepted"),
  "proposal.reopen": name("Allow", "Allow another proposal", "allowed"),

  "report.submit": name("Hand in", "Hand in report", "handed in"),
  "portfolio.submit": name("Hand in", "Hand in portfolio", "handed in"),

  "session.book": ofSession("Book", "booked"),
  "session.move": ofSession("Move", "moved"),
  "session.offer": name("Offer", (d, w) => `Offer times for ${session(d, w)}`, "offered"),
  "session.accept": name("Choose", (d, w) => `Choose a time for ${session(d, w)}`, "chosen"),
  "session.start": ofSession("Start", "started"),
  "session.pause": ofSession("Pause", "paused"),
  "session.resume": ofSession("Resume", "resumed"),
  "session.questions": name(
    "Change",
    (d) => (d.part === "close" ? "End the questions" : "Begin the questions"),
    "changed",
  ),
  "session.draw": name("Draw", "Draw questions", "drawn"),
  "session.ask": name("Record", "Record a question", "recorded"),
  "session.unask": name("Take back", "Take back a question", "taken back"),
  "session.note": name("Add", "Add note", "added"),
  "session.correctNote": name("Correct", "Correct a note", "corrected"),
  "session.mark": name("Mark", (d, w) => `Mark ${session(d, w)}`, "marked"),
  "session.present": name("Record", "Record who was present", "recorded"),
  "session.descriptors": name("Tick", "Tick fail descriptors", "ticked"),
  "session.end": ofSession("End", "ended"),
  "session.notHeld": name("Record", (d, w) => `Record ${session(d, w)} not held`, "recorded"),

  "grade.confirm": name(
    "Confirm",
    (d, w) => `Confirm ${grade(d)?.toLowerCase() ?? `${session(d, w)} grade`}`,
    "confirmed",
  ),
  "mark.correct": name("Correct", "Correct a mark", "corrected"),
  "moderation.sample": name("Sample", (d, w) => `Sample ${session(d, w)} grade`, "sampled"),
  "moderation.uphold": name("Uphold", (d, w) => `Uphold ${session(d, w)} grade`, "upheld"),
  "moderation.sendBack": name("Send back", (d, w) => `Send back ${session(d, w)} grade`, "sent back"),

  "results.release": name("Release", "Release results", "released"),
  "results.withhold": name("Withhold", "Withhold results", "withheld"),
  "results.resume": name("Stop", "Stop withholding results", "changed"),
  "cap.lift": name("Lift", "Lift the cap", "lifted"),

  "resit.agree": name("Agree", "Agree to resit or retake", "agreed"),
  "resit.open": name("Open", "Open resit or retake", "opened"),

  "enquiry.raise": name("Ask", "Ask about a result", "sent"),
  "enquiry.answer": name("Answer", "Answer enquiry", "answered"),
  "appeal.raise": name("Appeal", "Appeal against a result", "sent"),
  "notice.resend": name("Send", "Send again what did not arrive", "sent"),
  "notice.told": name("Record", "Record that they were told", "recorded"),
  "appeal.decide": name("Decide", "Decide appeal", "decided"),
};

/**
 * A button's or dialog's title: a verb with its object, named from what the offer holds ("Book interview", "Confirm fail").
 * `forParty`: a coordinator records it as that person's own decision.
 */
export function commandTitle(type: CommandType, data: Data, w: Words, forParty?: OutsideRole): string {
  const { title } = names[type];
  const own = typeof title === "string" ? title : title(data, w);
  if (forParty === undefined) return own;
  return type === "gateway.ready" ? `Record that ${w.theRole(forParty)} is ready` : `${own} for ${w.theRole(forParty)}`;
}

/** Over a refused form: "Not moved yet: one thing to put right." */
export const notDoneYet = (type: CommandType, problems: number): string =>
  `Not ${names[type].done} yet: ${spelled(problems)} ${problems === 1 ? "thing" : "things"} to put right.`;

/** The second button of a form whose rule a coordinator may lift: "Override and move". */
export const overrideTitle = (type: CommandType): string => `Override and ${inSentence(names[type].verb)}`;
