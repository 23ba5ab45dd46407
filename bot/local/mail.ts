import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Person } from "./people";
import type { Mail, MailSummary } from "./protocol";
import { PageRefusal } from "./refusal";
import type { StoredMail, World } from "./state";

/** Takes every mail, on a port of this computer only. Resolves with its SMTP URL and the way to close it. */
export async function startMail(world: World): Promise<{ url: string; stop(): Promise<void> }> {
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const fault = world.faults.take("mail", address.toLowerCase());
      if (!fault) return done();
      done(Object.assign(new Error("A fault ordered by a test"), { responseCode: fault.status }));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address.toLowerCase());
      simpleParser(stream).then(
        (parsed) => {
          keep(world, parsed, to);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on("error", () => undefined); // a client that hangs up is no concern of ours
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  return { url: `smtp://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

const wordsOf = (address: AddressObject | undefined): string =>
  address?.value.map(({ name, address: at }) => name || at || "").join(", ") ?? "";

function keep(world: World, parsed: ParsedMail, to: string[]): void {
  const mail: StoredMail = {
    id: `m${world.nextId()}`,
    at: world.clock.now(),
    from: wordsOf(parsed.from),
    to,
    subject: parsed.subject ?? "",
    text: parsed.text ?? "",
    ...(typeof parsed.html === "string" ? { html: harmless(parsed.html) } : {}),
    attachments: parsed.attachments.map(({ filename, contentType, size, content }) => ({
      name: filename ?? "attachment",
      contentType,
      bytes: size,
      ...(contentType === "text/calendar" ? { text: content.toString("utf8") } : {}),
    })),
    readBy: [],
  };
  world.mails.push(mail);
  world.traffic.add({
    direction: "mail",
    method: "SMTP",
    path: to.join(", "),
    status: 250,
    ms: 0,
    summary: `mail: ${mail.subject}`,
    request: { from: mail.from, to, subject: mail.subject, text: mail.text },
  });
  for (const person of world.people) if (isTo(mail, person)) world.tell({ type: "mail", person: person.id });
  world.tell({ type: "state" });
}

/**
 * The mail's own markup without what could run or call out. The frame it is shown in runs no scripts, and the policy put
 * before it lets nothing load: taking the elements out is the third lock.
 */
function harmless(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:">`;
  const without = html
    .replaceAll(/<(script|iframe|object)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replaceAll(/<\/?(script|iframe|object|embed|form|link|base|meta)\b[^>]*>?/gi, "")
    .replaceAll(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replaceAll(/(href|src)\s*=\s*("\s*javascript:[^"]*"|'\s*javascript:[^']*'|javascript:[^\s>]*)/gi, "");
  return policy + without;
}

const isTo = (mail: StoredMail, person: Person): boolean => person.mail !== undefined && mail.to.includes(person.mail);

const summaryOf = (mail: StoredMail, person: Person): MailSummary => ({
  id: mail.id,
  at: mail.at,
  from: mail.from,
  subject: mail.subject,
  preview: mail.text.replaceAll(/\s+/g, " ").trim().slice(0, 140),
  unread: !mail.readBy.includes(person.id),
});

/** A person's mail, newest first. */
export function mailsOf(world: World, person: Person): MailSummary[] {
  return world.mails
    .filter((mail) => isTo(mail, person))
    .map((mail) => summaryOf(mail, person))
    .reverse();
}

/** One mail of this person's, whole. `open` marks it read. */
export function mailFor(world: World, person: Person, mailId: string, open: boolean): Mail {
  const mail = world.mails.find((one) => one.id === mailId && isTo(one, person));
  if (!mail) throw new PageRefusal(404, "UnknownMail", `${person.name} has no such mail`);
  if (open && !mail.readBy.includes(person.id)) {
    mail.readBy.push(person.id);
    world.tell({ type: "mail", person: person.id });
    world.tell({ type: "state" });
  }
  const { to, text, html, attachments } = mail;
  return { ...summaryOf(mail, person), to, text, ...(html === undefined ? {} : { html }), attachments };
}
