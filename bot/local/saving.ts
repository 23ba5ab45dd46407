import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Saved } from "./state";

const FILE = "local-teams.json";
const VERSION = 1;
const DELAY = 300;

/** What was saved in this folder; nothing when there is nothing, or it cannot be read. */
export function load(folder: string): Saved | undefined {
  try {
    const { version, saved } = JSON.parse(readFileSync(path.join(folder, FILE), "utf8"));
    return version === VERSION ? (saved as Saved) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes whole files, the new beside the old and then in its place: a crash leaves one of the two. */
export function save(folder: string, saved: Saved): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, FILE);
  writeFileSync(`${file}.new`, JSON.stringify({ version: VERSION, saved }));
  renameSync(`${file}.new`, file);
}

/** Saves a little after the last of several changes. */
export class Saver {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly content: () => Saved,
  ) {}

  soon(): void {
    if (this.timer) return;
    this.timer = setTimeout(() => this.now(), DELAY);
    this.timer.unref();
  }

  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    save(this.folder, this.content());
  }
}
