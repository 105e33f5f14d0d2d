import type { ScalingEvent, SecurityFinding, Tick } from "../event.ts";
import { type Json, type JsonObject, text } from "../json.ts";

/** What every event carries; known before anything reads the envelope's detail. */
export type Common = Pick<ScalingEvent, "id" | "at" | "account" | "region" | "partition" | "guessed">;

type Own<Event> = Event extends unknown ? Omit<Event, keyof Common> : never;

/** An event without what every event carries. */
export type Draft = Own<ScalingEvent | SecurityFinding | Tick>;

/** A draft, or the reason why the envelope cannot be used although its detail-type is claimed. */
export type Drafted = Draft | Parked;
export type Parked = { readonly kind: "parked"; readonly because: string };

/** What a service sent to EventBridge by itself, masked. */
export interface Envelope {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** A detail-type, or what it begins with: the same two forms that an EventBridge pattern takes. */
export type DetailType = string | { readonly prefix: string };

/** Reads the envelopes of one service. What it claims is read or parked; what it does not claim is not for us. */
export interface EnvelopeDecoder {
  readonly sources: readonly string[];
  readonly detailTypes: readonly DetailType[];
  decode(envelope: Envelope): Drafted;
}

/** Says which field an envelope lacks, so that the sender can be asked for it. */
export function lacks(envelope: Envelope, ...fields: readonly string[]): Parked {
  const named = fields.map((field) => (field === "resources" ? field : `detail.${field}`)).join(" or ");
  return { kind: "parked", because: `${named} is missing from a "${envelope.detailType.slice(0, 80)}" event` };
}

/** The first of these fields that holds text; empty when none does. */
export function firstText(from: JsonObject, ...fields: readonly string[]): string {
  for (const field of fields) {
    const found = text(from[field]).trim();
    if (found) return found;
  }
  return "";
}

/** The texts of a list, each once and in its order; nothing else in it counts. */
export function texts(values: readonly (Json | undefined)[]): readonly string[] {
  return [...new Set(values.map((value) => text(value).trim()).filter((value) => value !== ""))];
}
