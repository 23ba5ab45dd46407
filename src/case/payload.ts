import { z } from "zod";

/** Shapes that command payloads share. Bounds keep an event small and an attack dull. */

/**
 * People's own words: control characters, which no keyboard writes and some paste with the rest, are taken out, and half
 * characters are marked as such. So words are as long in every store as they look.
 */
const written = (said: string): string => said.replace(/[^\P{Cc}\n\r\t]/gu, "").replace(/\p{Cs}/gu, "\ufffd");
/** Of names that machines give each other: neither stands in one. */
const plain = /^[^\p{Cc}\p{Cs}]*$/u;

export const text = (max = 2000) => z.string().overwrite(written).trim().min(1).max(max);
export const id = z.string().min(1).max(64).regex(plain);
export const methodId = z.string().min(1).max(32);
export const personId = z.string().min(1).max(80).regex(plain);
export const isoDate = z.iso.date();
export const instant = z.iso.datetime();
/** A way in that people are shown to press: of the web, and no other scheme. */
export const link = z.url({ protocol: /^https?$/ }).max(2000);
export const setting = z.enum(["workplace", "faceToFace", "teams", "simulated"]);
export const mark = z.enum(["met", "notMet", "notYet"]);
export const grade = z.enum(["fail", "pass", "distinction"]);
export const none = z.strictObject({});
