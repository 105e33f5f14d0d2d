import type { Branded } from "../iam/brand.ts";

/** Foreign text that was masked and cut on the way in, and may therefore be stored, logged and sent. Sinks still encode it. */
export type Excerpt = Branded<string, "Excerpt">;

const limit = 256;
const longest = 4_096;

/** Shapes that are secrets by themselves; each provider documents its prefix and length. */
const shapes: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{36,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,255}/g,
  /\bsk-[A-Za-z0-9_-]{20,200}/g,
  /\bxox[abpr]-[A-Za-z0-9-]{10,200}/g,
  /\bABSK[A-Za-z0-9+/=]{40,300}/g,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,2000}(?:\.[A-Za-z0-9_-]{10,2000})?/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,4000}/g,
  /\b[A-Za-z0-9/+]{40}\b(?![A-Za-z0-9/+])/g,
];

/** Masks what looks like a secret, makes the text well-formed and cuts it to 256 characters. Key ids stay: they name, they do not open. */
export function excerpt(value: unknown): Excerpt {
  const raw = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, longest).toWellFormed();
  const masked = shapes.reduce((text, shape) => text.replace(shape, (found) => `${found.slice(0, 4)}[masked]`), raw);
  return (masked.length > limit ? `${masked.slice(0, limit - 1)}…` : masked).toWellFormed() as Excerpt;
}
