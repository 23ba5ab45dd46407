import { createHash } from "node:crypto";
import type { PersonId, PersonKind } from "./protocol";

/** Someone who can be played. Those with an account have an object id in their tenant; `mailOnly` and `anonymous` have none. */
export interface Person {
  id: PersonId;
  name: string;
  role: string;
  kind: PersonKind;
  organisation: string;
  tenantId?: string;
  aadObjectId?: string;
  mail?: string;
  upn?: string;
  blocksBot: boolean;
}

/** What is needed to invent a person; the rest follows from `kind`. */
export interface NewPerson {
  id: PersonId;
  name: string;
  role: string;
  kind: PersonKind;
  organisation?: string;
}

/** A GUID that is the same in every run for the same words, so that saved bindings stay true. */
export function steadyGuid(words: string): string {
  const hex = createHash("sha256").update(words).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The awarding body's tenant, where the app lives, and the employer's, federated with it. */
export const tenants = {
  awardingBody: { id: steadyGuid("tenant: Invented Awards"), name: "Invented Awards" },
  employer: { id: steadyGuid("tenant: Fictional Foods"), name: "Fictional Foods Ltd" },
} as const;

const organisations: Record<PersonKind, string> = {
  staff: tenants.awardingBody.name,
  guest: tenants.employer.name,
  federated: tenants.employer.name,
  mailOnly: "Pretend Training",
  anonymous: "",
};

/** A whole person: account, address and tenant as their kind has them. Guests have an account in the host's tenant. */
export function invent(person: NewPerson): Person {
  const local = person.name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, ".")
    .replace(/^\.|\.$/g, "");
  const made: Person = {
    ...person,
    organisation: person.organisation || organisations[person.kind],
    blocksBot: false,
  };
  if (person.kind === "anonymous") return made;
  made.mail = `${local || person.id}@${person.kind === "staff" ? "example.org" : "example.com"}`;
  if (person.kind === "mailOnly") return made;
  made.tenantId = person.kind === "federated" ? tenants.employer.id : tenants.awardingBody.id;
  made.aadObjectId = steadyGuid(`account: ${made.tenantId} ${person.id}`);
  made.upn = person.kind === "guest" ? `${made.mail.replace("@", "_")}#EXT#@invented.example.org` : made.mail;
  return made;
}

/** The cast that is there at first, in the order of the rail. */
export function cast(): Person[] {
  const people: NewPerson[] = [
    { id: "ada", name: "Ada Example", role: "Apprentice", kind: "guest" },
    { id: "dev", name: "Dev Fiction", role: "Employer", kind: "federated" },
    { id: "priya", name: "Priya Pretend", role: "Provider", kind: "mailOnly" },
    { id: "ben", name: "Ben Sample", role: "Assessor", kind: "staff" },
    { id: "cora", name: "Cora Placeholder", role: "Coordinator", kind: "staff" },
    { id: "ivy", name: "Ivy Invented", role: "IQA", kind: "staff" },
    { id: "max", name: "Max Mockup", role: "Auditor", kind: "staff" },
    { id: "sam", name: "Sam Specimen", role: "Second apprentice", kind: "guest" },
    { id: "tom", name: "Tom Testcase", role: "Second assessor", kind: "staff" },
    { id: "noor", name: "Noor Notional", role: "Second IQA", kind: "staff" },
    { id: "visitor", name: "Vic Visitor", role: "Meeting guest", kind: "anonymous" },
  ];
  return people.map(invent);
}

/** The id under which Teams knows a person to one bot: another bot would get another. */
export function mriOf(person: Pick<Person, "id">, appId: string): string {
  return `29:1${createHash("sha512").update(`${appId} ${person.id}`).digest("base64url")}`;
}

/** Who has chats at all. */
export const hasTeams = (person: Pick<Person, "kind">): boolean => person.kind !== "mailOnly";

/** Who can have a personal chat with the bot: an anonymous guest is known in the meeting only. */
export const canChatAlone = (person: Pick<Person, "kind">): boolean => hasTeams(person) && person.kind !== "anonymous";

export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** Searching by the start of any word of the name, or of the address, as the people picker does. */
export function matches(person: Person, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return true;
  return (
    person.name.toLowerCase().startsWith(wanted) ||
    person.name
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(wanted)) ||
    (person.mail ?? "").startsWith(wanted)
  );
}
