import { type Decoded, decodeHead } from "../event/decode.ts";
import type { Head } from "../event/head.ts";
import type { JsonObject } from "../event/json.ts";
import { mask } from "../event/mask.ts";
import { issuanceOf, issuingFields } from "../identity/lineage.ts";
import { purpose } from "./purpose.ts";

/** What becomes of a record: it passes, it is kept to be looked at again, or it cannot be read after all. */
export type Keeping =
  | { readonly kind: "kept"; readonly body: JsonObject; readonly purposes: number; readonly issued?: string }
  | { readonly kind: "passing" }
  | Exclude<Decoded, { kind: "event" }>;

const passing: Keeping = { kind: "passing" };

/** What is kept of a record: nothing, the few fields of an issuing call, or all of it with its secrets masked. */
export function keepingOf(head: Head, purposes: number): Keeping {
  if (purposes === purpose.none) return passing;
  if (purposes === purpose.lineage) {
    const issuing = issuingFields(head.body);
    return issuing === undefined ? passing : { kind: "kept", purposes, ...issuing };
  }
  const decoded = decodeHead(head);
  if (decoded.kind !== "event") return decoded;
  const { event } = decoded;
  if (event.kind !== "api-call") return { kind: "kept", purposes, body: mask(head.body) };
  const issued = (purposes & purpose.lineage) === 0 ? undefined : issuanceOf(event)?.accessKeyId;
  return { kind: "kept", purposes, body: event.record, ...(issued === undefined ? {} : { issued }) };
}
