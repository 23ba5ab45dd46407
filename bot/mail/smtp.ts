import { once } from "node:events";
import type { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import type { SmtpConfig } from "../config";
import { type CalendarEntry, calendarFile } from "./calendar";

/** One mail to one person. */
export interface Mail {
  /** Names this mail: the same id gives the same Message-ID, so a repeat can be told by the receiver. */
  readonly id: string;
  readonly to: { readonly address: string; readonly name?: string };
  readonly subject: string;
  /** Plain text; always sent. */
  readonly text: string;
  readonly html?: string;
  /** Who gets the answer, where it is not for the address the mail comes from. */
  readonly replyTo?: { readonly name: string; readonly address: string };
  /** For the reader's calendar; without an organiser it goes out in the name of the address the mail comes from. */
  readonly calendar?: readonly MailedEntry[];
}
export type MailedEntry = Omit<CalendarEntry, "organiser"> & Partial<Pick<CalendarEntry, "organiser">>;

/**
 * What became of a mail.
 * - `ok`: the mail server has taken it over.
 * - `dead`: this address is refused for good.
 * - `ambiguous`: the connection was lost while the text was under way: it may have been taken.
 * - `failed`: certainly not taken; `retryable` says whether to try again later.
 */
export type MailOutcome =
  | { readonly kind: "ok"; readonly messageId: string }
  | { readonly kind: "dead"; readonly code: string }
  | { readonly kind: "ambiguous"; readonly code: string }
  | { readonly kind: "failed"; readonly code: string; readonly retryable: boolean };

/** The port through which mail leaves. No method throws. */
export interface Mailer {
  /** @param signal calls it off: a mail not begun then certainly does not go (`failed`), one under way is `ambiguous`. */
  send(mail: Mail, signal?: AbortSignal): Promise<MailOutcome>;
  /** Whether the mail server answers and lets us in. */
  ready(): Promise<boolean>;
  /** Ends connections once what is under way is done. */
  close(): void;
}

const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[a-z0-9.-]{1,190}$/i;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What nodemailer's errors carry beside a message. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** @param begun whether any byte of the mail itself had gone out. */
function outcomeOf({ code = "EUNKNOWN", command = "", responseCode }: SmtpError, begun: boolean): MailOutcome {
  if (responseCode !== undefined) {
    const smtp = `Smtp${responseCode}`;
    if (responseCode < 500) return { kind: "failed", code: smtp, retryable: true };
    if (command === "RCPT TO" || code === "EENVELOPE") return { kind: "dead", code: smtp };
    return { kind: "failed", code: smtp, retryable: false };
  }
  // Without an answer to the text nobody knows whether the server has taken the mail.
  if (begun) return { kind: "ambiguous", code };
  if (code === "EENVELOPE") return { kind: "dead", code };
  return { kind: "failed", code, retryable: code !== "EAUTH" && code !== "EMESSAGE" };
}

/** A mail's text on its way; `off`: nobody wants it sent any more. */
interface Text {
  readonly streams: Readable[];
  off: boolean;
}
const begun = (text: Text): boolean => text.streams.some((stream) => stream.readableDidRead);
const calledOff: MailOutcome = { kind: "failed", code: "Aborted", retryable: true };
const isOutcome = (x: object): x is MailOutcome => "kind" in x;

/** What has begun cannot be taken back; what has not is stopped, whenever its turn comes. */
function callOff(text: Text): MailOutcome {
  if (begun(text)) return { kind: "ambiguous", code: "Aborted" };
  text.off = true;
  for (const stream of text.streams) stream.destroy(new Error("called off"));
  return calledOff;
}

/** One is an invitation that mail programs show as such (RFC 6047); several can only be attached. */
function inCalendars(entries: readonly MailedEntry[], from: CalendarEntry["organiser"]) {
  const files = entries.map((e) => ({
    method: e.method,
    filename: e.method === "CANCEL" ? "cancelled.ics" : "invitation.ics",
    content: calendarFile({ ...e, organiser: e.organiser ?? from }),
  }));
  const [only, ...more] = files;
  if (!only) return {};
  if (more.length === 0) return { icalEvent: only };
  return {
    attachments: files.map(({ method, content }, i) => ({
      filename: `${method === "CANCEL" ? "cancelled" : "invitation"}-${i + 1}.ics`,
      content,
      contentType: `text/calendar; charset=utf-8; method=${method}`,
    })),
  };
}

/** Mail over SMTP, by pooled connections; TLS is insisted on unless the server is this computer. */
export function createMailer(config: SmtpConfig, timeoutMs = 20_000): Mailer {
  const url = new URL(config.url.reveal());
  const secure = url.protocol === "smtps:";
  const local = LOOPBACK.test(url.hostname);
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    pool: true,
    maxConnections: 3,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // nodemailer's errors do not say whether a text was begun, its stream does; it hands on what a mail carries beside its own.
  transport.use("stream", ({ data, message }, done) => {
    const create = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const stream = create(options);
      const { own: text } = data as { own?: Text };
      text?.streams.push(stream);
      if (text?.off) stream.destroy(new Error("called off"));
      return stream;
    };
    done();
  });
  const domain = config.from.slice(config.from.lastIndexOf("@") + 1);

  return {
    async send({ id, to, subject, text, html, replyTo, calendar = [] }, signal) {
      if (!ADDRESS.test(to.address)) return { kind: "dead", code: "InvalidAddress" };
      if (signal?.aborted) return calledOff;
      const messageId = `<${id.replace(/[^\w.-]/g, "-")}@${domain}>`;
      const own: Text = { streams: [], off: false };
      const ended = new AbortController();
      try {
        const sending = transport.sendMail({
          ...({ own } as object),
          messageId,
          from: { name: "Epilogue", address: config.from },
          to: { name: to.name ?? "", address: to.address },
          subject: subject.replace(/\s+/g, " "),
          text,
          ...(html === undefined ? {} : { html }),
          // An address that is none would spoil the whole mail.
          ...(replyTo && ADDRESS.test(replyTo.address) ? { replyTo: { ...replyTo } } : {}),
          ...inCalendars(calendar, { address: config.from, name: "Epilogue" }),
          // Keeps holiday replies from coming back (RFC 3834).
          headers: { "Auto-Submitted": "auto-generated" },
        });
        const off = signal && once(signal, "abort", { signal: ended.signal }).then(() => callOff(own));
        // Whichever comes second is not heard.
        off?.catch(() => undefined);
        sending.catch(() => undefined);
        const refused = await Promise.race(off ? [sending, off] : [sending]);
        return isOutcome(refused) ? refused : { kind: "ok", messageId };
      } catch (error) {
        return outcomeOf(error as SmtpError, begun(own));
      } finally {
        ended.abort();
      }
    },
    async ready() {
      try {
        return await transport.verify();
      } catch {
        return false;
      }
    },
    close: () => transport.close(),
  };
}
