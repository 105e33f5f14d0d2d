import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DecodedEnvelope, decodeEnvelope } from "../../../core/event/envelopes/catalog.ts";
import type { Common } from "../../../core/event/envelopes/envelope.ts";
import type { EventId, ScalingEvent, SecurityFinding } from "../../../core/event/event.ts";
import { parseInstant } from "../../../core/event/instant.ts";
import { isObject, type JsonObject, text } from "../../../core/event/json.ts";

const folder = join(import.meta.dirname, "../../fixtures/envelopes");

/** The names of all envelope fixtures. */
export const fixtureNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length))
  .sort();

/** One fixture, parsed anew for each caller. */
export function fixture(name: string): JsonObject {
  const parsed: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  if (!isObject(parsed)) throw new Error(`fixture ${name} does not hold one envelope`);
  return parsed;
}

/** What `decode` knows of an envelope before its detail is read; a fixed time where the envelope has none. */
export function commonOf(envelope: JsonObject): Common {
  const at = parseInstant(envelope["time"]) ?? parseInstant("2026-03-01T12:00:00Z");
  if (at === undefined) throw new Error("the fallback time does not parse");
  return {
    id: `${text(envelope["source"])}:${text(envelope["id"])}` as EventId,
    at,
    region: text(envelope["region"]),
    partition: "aws",
    guessed: false,
  };
}

/** Decodes an envelope the way `decode` does. */
export const decoded = (envelope: JsonObject): DecodedEnvelope => decodeEnvelope(envelope, commonOf(envelope));

/** The event of a fixture, or the failure to have one. */
export function scalingOf(envelope: JsonObject): ScalingEvent {
  const result = decoded(envelope);
  if (result.kind !== "event" || result.event.kind !== "scaling") throw new Error(JSON.stringify(result));
  return result.event;
}

/** The finding of a fixture, or the failure to have one. */
export function findingOf(envelope: JsonObject): SecurityFinding {
  const result = decoded(envelope);
  if (result.kind !== "event" || result.event.kind !== "security-finding") throw new Error(JSON.stringify(result));
  return result.event;
}

/** The envelope with these fields of its detail replaced; `undefined` takes one out. */
export function withDetail(envelope: JsonObject, changes: JsonObject): JsonObject {
  const detail = isObject(envelope["detail"]) ? envelope["detail"] : {};
  return { ...envelope, detail: { ...detail, ...changes } };
}
