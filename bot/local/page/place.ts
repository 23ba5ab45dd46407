import type { PersonId } from "../protocol";
import type { Section } from "./state";

/** Where the page is, as its address says: `#/cora/chat/<id>`. So two windows can be two people, and reload keeps the place. */
export interface Place {
  viewer?: PersonId | undefined;
  section?: Section | undefined;
  id?: string | undefined;
}

const sections: readonly string[] = ["chat", "mail", "meetings"];

export function readPlace(hash: string): Place {
  const [, viewer, section = "", id] = hash.replace(/^#/, "").split("/").map(decode);
  return {
    viewer: viewer || undefined,
    section: sections.includes(section) ? (section as Section) : undefined,
    id: id || undefined,
  };
}

export function writePlace({ viewer, section, id }: Place): string {
  if (!viewer) return "#/";
  return `#/${[viewer, section ?? "chat", ...(id ? [id] : [])].map(encodeURIComponent).join("/")}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
