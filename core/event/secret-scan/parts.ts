import { isObject, type Json, type JsonObject } from "../json.ts";

/** A name and the value under it. */
export type Part = readonly [name: string, value: string];

/** So many parts of one value are looked at. */
const mostParts = 1_000;

/** The names and values that a text is made of, where it is JSON or lines of assignments; nothing where it is neither. */
export function partsOf(value: string): readonly Part[] | undefined {
  if (/^[[{]/.test(value)) {
    const json = parsed(value);
    if (json !== undefined) return ofJson(json);
  }
  return value.includes("\n") || /^(?:export\s|set\s)/.test(value) ? ofLines(value) : undefined;
}

function ofJson(json: Json): readonly Part[] {
  const parts: Part[] = [];
  const open: { readonly name: string; readonly json: Json }[] = [{ name: "", json }];
  for (let next = open.pop(); next !== undefined && parts.length < mostParts; next = open.pop()) {
    const { name, json: value } = next;
    if (typeof value === "string") parts.push([name, value]);
    else if (isObject(value))
      for (const [key, one] of Object.entries(paired(value) ?? value).reverse())
        open.push({ name: key, json: one ?? null });
    else if (Array.isArray(value)) for (const one of value.toReversed()) open.push({ name, json: one });
  }
  return parts;
}

/** `{"name": "DB_PASSWORD", "value": "…"}` is one pair, not two. */
function paired(json: JsonObject): JsonObject | undefined {
  const name = json["name"] ?? json["Name"] ?? json["key"] ?? json["Key"];
  const value = json["value"] ?? json["Value"];
  return typeof name === "string" && value !== undefined ? { [`_${name}`]: value } : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const assignment =
  /^\s*(?:export\s+|set\s+|-e\s+|--?)?["']?([A-Za-z_][\w.-]{0,100})["']?\s{0,20}[:=]\s{0,20}(\S.{0,8000})$/;

/** `NAME=value`, `export NAME="value"`, `name: value`, one a line; other lines are parts without a name. */
const ofLines = (text: string): readonly Part[] =>
  text.split(/[\n\r]+/, mostParts).map((line): Part => {
    const [, name = "", value = ""] = assignment.exec(line) ?? [];
    return name === "" ? ["", line] : [name, value.replace(/[,;]\s{0,20}$/, "")];
  });

/** The text behind base64, where it is text: at least 12 characters, nearly all of them printable. */
export function textBehind(value: string): string | undefined {
  const plain = value.replace(/\s+/g, "");
  if (plain.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) return undefined;
  const text = Buffer.from(plain, "base64").toString("utf8");
  if (text.length < 12 || text.includes("\ufffd")) return undefined;
  let strange = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 32) || code > 126) strange++;
  }
  return strange * 50 <= text.length ? text : undefined;
}
