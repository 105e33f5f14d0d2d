import { hash } from "node:crypto";

/** JSON with object keys sorted and no spaces: equal values give equal text, whatever order they arrived in. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const object = value as Readonly<Record<string, unknown>>;
  const pairs = Object.keys(object)
    .sort()
    .filter((key) => object[key] !== undefined)
    .map((key) => `${JSON.stringify(key.toWellFormed())}:${canonical(object[key])}`);
  return `{${pairs.join(",")}}`;
}

/** SHA-256 of the canonical JSON, as hex. */
export const canonicalDigest = (value: unknown): string => hash("sha256", canonical(value), "hex");
