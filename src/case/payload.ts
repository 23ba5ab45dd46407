import { z } from "zod";

/** Shapes that command payloads share. Bounds keep an event small and an attack dull. */

export const text = (max = 2000) => z.string().trim().min(1).max(max);
export const id = z.string().min(1).max(64);
export const methodId = z.string().min(1).max(32);
export const personId = z.string().min(1).max(80);
export const isoDate = z.iso.date();
export const instant = z.iso.datetime();
/** A way in that people are shown to press: of the web, and no other scheme. */
export const link = z.url({ protocol: /^https?$/ }).max(2000);
export const setting = z.enum(["workplace", "faceToFace", "teams", "simulated"]);
export const mark = z.enum(["met", "notMet", "notYet"]);
export const grade = z.enum(["fail", "pass", "distinction"]);
export const none = z.strictObject({});
