import type { Value } from "../../core/respond/slot.ts";

/** A policy as IAM hands it out, URL-encoded or not, as the document that it is; what is none stays the text. */
export function documentIn(text: string | undefined): Value {
  if (text === undefined) return null;
  try {
    return JSON.parse(text.trimStart().startsWith("{") ? text : decodeURIComponent(text));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof URIError) return text;
    throw cause;
  }
}
