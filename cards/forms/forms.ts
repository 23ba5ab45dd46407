import type { BodyCommandType } from "../../src/body";
import type { CommandType } from "../../src/case/decider";
import type { BodyFormContext, FormOf } from "../form";
import * as adjustments from "./adjustments";
import * as allocation from "./allocation";
import * as appeals from "./appeals";
import * as body from "./body";
import * as delivery from "./delivery";
import * as gateway from "./gateway";
import * as grading from "./grading";
import * as marks from "./marks";
import * as planning from "./planning";
import * as proposal from "./proposal";
import * as questions from "./questions";
import { register } from "./register";
import * as registration from "./registration";
import * as resit from "./resit";
import * as results from "./results";
import * as sessions from "./sessions";
import * as slots from "./slots";
import * as submissions from "./submissions";

/** Which form asks for what a command needs. A command without one needs nothing beyond its button. */

/** Forms of commands on a case. */
export const forms: Readonly<Partial<Record<CommandType, FormOf>>> = {
  "case.withdraw": registration.caseWithdraw,
  "case.correct": registration.caseCorrect,
  "exceptions.correct": registration.exceptionsCorrect,
  "case.erase": registration.caseErase,
  "person.correct": registration.personCorrect,
  "party.invite": registration.partyInvite,
  "rule.lift": registration.ruleLift,
  "staff.allocate": allocation.staffAllocate,
  "interest.declare": allocation.interestDeclare,

  "adjustment.request": adjustments.adjustmentRequest,
  "adjustment.decide": adjustments.adjustmentDecide,
  "consideration.request": adjustments.considerationRequest,
  "consideration.decide": adjustments.considerationDecide,
  "dispensation.grant": adjustments.dispensationGrant,

  "gateway.attest": gateway.gatewayAttest,
  "gateway.submit": gateway.gatewaySubmit,
  "gateway.returnItem": gateway.gatewayReturnItem,
  "gateway.confirm": gateway.gatewayConfirm,
  "gateway.ready": gateway.gatewayReady,

  "planning.schedule": planning.planningSchedule,
  "planning.offer": slots.planningOffer,
  "planning.accept": slots.planningAccept,
  "planning.save": planning.planningSave,
  "planning.finish": planning.planningFinish,

  "proposal.submit": proposal.proposalSubmit,
  "proposal.return": proposal.proposalReturn,
  "proposal.reopen": proposal.proposalReopen,

  "report.submit": submissions.reportSubmit,
  "portfolio.submit": submissions.portfolioSubmit,

  "session.book": sessions.sessionBook,
  "session.move": sessions.sessionMove,
  "session.offer": slots.sessionOffer,
  "session.accept": slots.sessionAccept,
  "session.start": sessions.sessionStart,
  "session.pause": sessions.sessionPause,
  "session.ask": questions.sessionAsk,
  "session.unask": questions.sessionUnask,
  "session.note": questions.sessionNote,
  "session.mark": marks.sessionMark,
  "session.descriptors": marks.sessionDescriptors,
  "session.present": sessions.sessionPresent,
  "session.end": sessions.sessionEnd,
  "session.notHeld": sessions.sessionNotHeld,

  "grade.confirm": grading.gradeConfirm,
  "mark.correct": grading.markCorrect,
  "moderation.uphold": grading.moderationUphold,
  "moderation.sendBack": grading.moderationSendBack,

  "results.release": results.resultsRelease,
  "results.withhold": results.resultsWithhold,
  "results.resume": results.resultsResume,
  "cap.lift": results.capLift,

  "resit.agree": resit.resitAgree,
  "resit.open": resit.resitOpen,

  "enquiry.raise": appeals.enquiryRaise,
  "enquiry.answer": appeals.enquiryAnswer,
  "appeal.raise": appeals.appealRaise,
  "appeal.decide": appeals.appealDecide,

  "notice.resend": delivery.noticeResend,
  "notice.told": delivery.noticeTold,
};

/** Forms that belong to no case: registration, an awarding body's staff and settings, a code redeemed, a chat joined to a case. */
export const bodyForms: Readonly<
  Record<Exclude<BodyCommandType, "bank.import"> | "register" | "bind" | "group", FormOf<BodyFormContext>>
> = {
  register,
  "staff.add": body.staffAdd,
  "staff.leave": body.staffLeave,
  "sampling.set": body.samplingSet,
  bind: body.bind,
  group: body.group,
};
export type BodyFormName = keyof typeof bodyForms;

/** Does the command on a case ask for anything? Then its button opens a dialog. */
export const hasForm = (command: string): command is CommandType => Object.hasOwn(forms, command);
/** The same for what belongs to no case. */
export const bodyHasForm = (name: string): name is BodyFormName => Object.hasOwn(bodyForms, name);
