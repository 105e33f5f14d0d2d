import type { Branded } from "../iam/brand.ts";
import { maskShapes } from "./secret-shapes.ts";

/** Foreign text that was masked and cut on the way in, and may therefore be stored, logged and sent. Sinks still encode it. */
export type Excerpt = Branded<string, "Excerpt">;

const limit = 256;
const longest = 4_096;

/** Masks what looks like a secret, makes the text well-formed and cuts it to 256 characters. Key ids stay: they name, they do not open. */
export function excerpt(value: unknown): Excerpt {
  const raw = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, longest).toWellFormed();
  const text = maskShapes(raw);
  return (text.length > limit ? `${text.slice(0, limit - 1)}…` : text).toWellFormed() as Excerpt;
}
