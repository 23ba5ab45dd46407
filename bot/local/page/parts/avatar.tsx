import type { Persona } from "../../protocol";
import { People } from "./icons";

/** Fluent's colours for people; white on each has at least 4.5:1. */
const faces = [
  "#8764b8",
  "#038387",
  "#8e562e",
  "#4f6bed",
  "#c239b3",
  "#69797e",
  "#0b6a0b",
  "#a4262c",
  "#005b70",
  "#5c2e91",
];
const groups = ["#7a4f93", "#4a6b7c", "#6b6b45", "#8a5a44", "#3f6f5f"];

/** The same person has the same colour everywhere: by their place in the rail, else by their name. */
export function Avatar({ name, initials, people, size = 36 }: FaceOf) {
  const place = people?.findIndex((person) => person.name === name) ?? -1;
  const colour = faces[(place >= 0 ? place : hash(name)) % faces.length];
  return (
    <span
      class="avatar"
      data-drawn={initials ?? initialsOf(name)}
      style={{ background: colour, ...square(size), fontSize: `${Math.round(size * 0.38)}px` }}
    />
  );
}

interface FaceOf {
  name: string;
  initials?: string;
  people?: Persona[];
  size?: number;
}

export function GroupAvatar({ id, size = 32 }: { id: string; size?: number }) {
  return (
    <span class="avatar" style={{ background: groups[hash(id) % groups.length], ...square(size) }}>
      <People size={Math.round(size * 0.6)} />
    </span>
  );
}

const square = (size: number) => ({ width: `${size}px`, height: `${size}px` });

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

function hash(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum;
}
