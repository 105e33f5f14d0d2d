import { opensNoSecret } from "../detect/credentials/secret-read.ts";
import { writtenBy } from "../detect/facts/iam-writes.ts";
import { inAgentSession } from "../event/agent-session.ts";
import { type Decoded, decodeHead, decodeMasked } from "../event/decode.ts";
import type { ApiCall, AuditEvent } from "../event/event.ts";
import type { Head } from "../event/head.ts";
import { fields, type JsonObject } from "../event/json.ts";
import { mask } from "../event/mask.ts";
import { causeOf } from "../identity/lineage/cause-catalog.ts";
import { askedKeysOf, type Delegation, delegationOf } from "../identity/lineage/delegation.ts";
import { issuanceOf, issuingFields } from "../identity/lineage/issuance.ts";
import { linkKeysOf } from "../identity/lineage/lineage.ts";
import { runKeyOf } from "../identity/placement.ts";
import { placementsOf } from "../identity/placement-catalog.ts";
import { type Links, unlinked } from "./kept-log.ts";
import { purpose } from "./purpose.ts";

/** What becomes of a record: it passes, it is kept to be looked at again, or it cannot be read after all. */
export type Keeping =
  | {
      readonly kind: "kept";
      readonly body: JsonObject;
      readonly purposes: number;
      readonly links: Links;
      readonly configured?: NonNullable<ApiCall["configured"]>;
    }
  | { readonly kind: "passing" }
  | Exclude<Decoded, { kind: "event" }>;

const passing: Keeping = { kind: "passing" };

/** What is kept of a record: nothing, the few fields of an issuing call, or all of it with its secrets masked. */
export function keepingOf(head: Head, asked: number, fingerprintKey?: string): Keeping {
  const purposes = forThisSigner(head, asked);
  if (purposes === purpose.none) return passing;
  if (purposes === purpose.lineage) return issuingOf(head);
  if ((purposes === purpose.judge || purposes === purpose.counted) && opensNothing(head)) return passing;
  // Masked and no more: it is decoded once it is judged.
  if (purposes === purpose.counted)
    return { kind: "kept", purposes, body: mask(countedFields(head.body)), links: unlinked };
  const decoded = decodeHead(head, fingerprintKey);
  if (decoded.kind !== "event") return decoded;
  const { event } = decoded;
  if ((purposes & ~saying) === 0 && !says(event, purposes)) return passing;
  return event.kind === "api-call"
    ? { kind: "kept", purposes, body: event.record, links: linksOf(event), ...configuredIn(event) }
    : { kind: "kept", purposes, body: mask(head.body), links: { keys: [] } };
}

const configuredIn = ({ configured }: ApiCall): Pick<ApiCall, "configured"> =>
  configured === undefined ? {} : { configured };

/** All of a record but what nobody asks of it: who did what, from where and with what success stays. */
function countedFields(body: JsonObject): JsonObject {
  const told: { [key: string]: JsonObject[string] } = {};
  for (const key in body) if (!leftOut.has(key)) told[key] = body[key];
  return told;
}

const leftOut: ReadonlySet<string> = new Set([
  ...["eventID", "eventVersion", "requestID", "tlsDetails"],
  // Keys that would reach a prototype: masking drops them too.
  ...["__proto__", "constructor", "prototype"],
]);

/** Calls that are judged in an agent's sessions only are the many calls of everybody else. */
const forThisSigner = ({ body }: Head, purposes: number): number =>
  (purposes & purpose.agent) === 0 || inAgentSession(fields(body["userIdentity"])["principalId"])
    ? purposes
    : purposes & ~purpose.agent;

/** Of these calls detectors ask for what opens a secret, and for nothing else. */
const opensNothing = ({ source, name, body }: Head): boolean =>
  (source.startsWith("kms.") || source.startsWith("ssm.")) && opensNoSecret(name, fields(body["requestParameters"]));

/** Purposes that a call is kept for only where its record says something. */
const saying = purpose.placement | purpose.cause | purpose.delegation | purpose.state;

/** Whether the record says where a role works, which capacity it changed, whom it asked to act, or what it wrote of IAM. */
const says = (event: AuditEvent, purposes: number): boolean =>
  event.kind === "api-call" &&
  (((purposes & purpose.state) !== 0 && writtenBy(event) !== undefined) ||
    placementsOf(event).length > 0 ||
    causeOf(event) !== undefined ||
    askedIn(event) !== undefined);

/** Whom a call that was let through asked. */
const askedIn = (event: ApiCall): Delegation | undefined =>
  event.outcome === "done" ? delegationOf(event) : undefined;

/** How a kept record is found again: by what it issued, by the runs that it started, by the session that it asked for. */
export function linksOf(event: AuditEvent): Links {
  if (event.kind !== "api-call") return unlinked;
  const issuance = issuanceOf(event);
  const runs = placementsOf(event).flatMap((one) => runKeyOf(one) ?? []);
  const asked = askedIn(event);
  const rest = [...runs, ...((asked && askedKeysOf(asked)) ?? [])];
  return issuance === undefined ? { keys: rest } : { keys: [...linkKeysOf(issuance), ...rest], issuance };
}

function issuingOf(head: Head): Keeping {
  const body = issuingFields(head.body);
  if (body === undefined) return passing;
  const decoded = decodeMasked({ ...head, body });
  if (decoded.kind !== "event") return decoded;
  const links = linksOf(decoded.event);
  return links.keys.length === 0 ? passing : { kind: "kept", purposes: purpose.lineage, body, links };
}
