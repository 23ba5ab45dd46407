import type { AddressInfo } from "node:net";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { createMailer, type Mail, type Mailer } from "../../bot/mail/smtp";
import { Secret } from "../../bot/secret";
import { eventually } from "../support/eventually";

const opened: { server?: SMTPServer; mailer: Mailer }[] = [];

/** A mail server of this test's, the mails it took, and a mailer that speaks to it. */
async function post(options: SMTPServerOptions = {}) {
  const taken: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        taken.push(mail);
        done();
      }, done);
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailer = createMailer({ url: new Secret(`smtp://127.0.0.1:${port}`), from: "epilogue@example.org" }, 700);
  opened.push({ server, mailer });
  return { taken, mailer };
}

afterEach(async () => {
  for (const { server, mailer } of opened.splice(0)) {
    mailer.close();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

const mail: Mail = {
  id: "invite:case-1/ada#1",
  to: { address: "ada@example.org", name: "Ada Example" },
  subject: "Your code",
  text: "Your code is 123 456.",
};
const refusing = (responseCode: number) => Object.assign(new Error("no"), { responseCode });

test("an answer goes to whom it names; an address that is none spoils no mail", async () => {
  const { taken, mailer } = await post();
  await mailer.send({ ...mail, replyTo: { name: "Cora Placeholder", address: "cora@example.org" } });
  await mailer.send({ ...mail, id: "2", replyTo: { name: "Cora", address: "cora@exa mple" } });
  expect(taken[0]?.replyTo?.value).toEqual([{ address: "cora@example.org", name: "Cora Placeholder" }]);
  expect(taken[1]?.replyTo).toBeUndefined();
});

test("a mail arrives as written, from us, marked as automatic, under its own id", async () => {
  const { taken, mailer } = await post();
  expect(await mailer.send({ ...mail, html: "<p>Your code</p>" })).toEqual({
    kind: "ok",
    messageId: "<invite-case-1-ada-1@example.org>",
  });
  expect(taken[0]).toMatchObject({
    messageId: "<invite-case-1-ada-1@example.org>",
    subject: "Your code",
    from: { value: [{ address: "epilogue@example.org", name: "Epilogue" }] },
    to: { value: [{ address: "ada@example.org", name: "Ada Example" }] },
  });
  expect(taken[0]?.text?.trim()).toBe(mail.text);
  expect(taken[0]?.html).toContain("<p>Your code</p>");
  expect(taken[0]?.headers.get("auto-submitted")).toBe("auto-generated");
});

test("words cannot become headers or further recipients", async () => {
  const { taken, mailer } = await post();
  await mailer.send({
    ...mail,
    subject: "Your code\r\nBcc: eve@example.com",
    to: { address: "ada@example.org", name: 'Ada" <eve@example.com>\r\nBcc: eve@example.com' },
  });
  expect(taken).toHaveLength(1);
  expect(taken[0]?.bcc).toBeUndefined();
  expect(taken.flatMap(({ to }) => (to as AddressObject).value.map(({ address }) => address))).toEqual([
    "ada@example.org",
  ]);
});

test.each([
  "ada",
  "ada@example.org, eve@example.com",
  "ada@example.org\r\nRCPT TO:<eve@example.com>",
  "<ada@example.org>",
  "",
])("%j is no address and goes nowhere", async (address) => {
  const { taken, mailer } = await post();
  expect(await mailer.send({ ...mail, to: { address } })).toEqual({ kind: "dead", code: "InvalidAddress" });
  expect(taken).toHaveLength(0);
});

test.each([
  ["refused for good: dead", 550, { kind: "dead", code: "Smtp550" }],
  ["refused for now: again later", 451, { kind: "failed", code: "Smtp451", retryable: true }],
])("a recipient %s", async (_name, code, expected) => {
  const { mailer } = await post({ onRcptTo: (_address, _session, done) => done(refusing(code)) });
  expect(await mailer.send(mail)).toEqual(expected);
});

test.each([
  ["for good", 554, { kind: "failed", code: "Smtp554", retryable: false }],
  ["for now", 452, { kind: "failed", code: "Smtp452", retryable: true }],
])("a text refused %s says nothing about the address", async (_name, code, expected) => {
  const { mailer } = await post({
    onData: (stream, _session, done) => {
      stream.resume();
      stream.on("end", () => done(refusing(code)));
    },
  });
  expect(await mailer.send(mail)).toEqual(expected);
});

test("a server silent after the text leaves it open whether the mail was taken", async () => {
  const { mailer } = await post({ onData: (stream) => void stream.resume() });
  expect(await mailer.send(mail)).toEqual({ kind: "ambiguous", code: "ETIMEDOUT" });
});

test("a server silent before the text is certain not to have it", async () => {
  const { mailer } = await post({ onMailFrom: () => undefined });
  expect(await mailer.send(mail)).toEqual({ kind: "failed", code: "ETIMEDOUT", retryable: true });
});

test("no server: not sent, not ready, again later", async () => {
  const { mailer } = await post();
  expect(await mailer.ready()).toBe(true);
  const [first] = opened;
  await new Promise<void>((resolve) => first?.server?.close(() => resolve()));
  expect(await mailer.ready()).toBe(false);
  expect(await mailer.send(mail)).toMatchObject({ kind: "failed", retryable: true });
});

test("a mail called off before its turn certainly does not go, and the next one does", async () => {
  const held: (() => void)[] = [];
  const { taken, mailer } = await post({ onMailFrom: (_address, _session, done) => void held.push(() => done()) });
  const off = new AbortController();
  const sending = ["a", "b", "c", "d", "e"].map((id) => mailer.send({ ...mail, id }, off.signal));
  await eventually(async () => expect(held).toHaveLength(3));
  off.abort();
  const failed = { kind: "failed", code: "Aborted", retryable: true };
  expect(await Promise.all(sending)).toEqual([failed, failed, failed, failed, failed]);
  // The same mail, tried again while the one called off still waits for its turn.
  const next = mailer.send({ ...mail, id: "e" });
  await eventually(async () => {
    for (const go of held.splice(0)) go();
    expect(taken.map((t) => t.messageId)).toEqual(["<e@example.org>"]);
  });
  expect(await next).toMatchObject({ kind: "ok" });
  expect(await mailer.send(mail, off.signal)).toEqual(failed);
});

test("a mail called off in the midst of its text may have been taken", async () => {
  const off = new AbortController();
  const { mailer } = await post({
    onData: (stream) => {
      stream.resume();
      stream.once("end", () => off.abort());
    },
  });
  expect(await mailer.send(mail, off.signal)).toEqual({ kind: "ambiguous", code: "Aborted" });
});
