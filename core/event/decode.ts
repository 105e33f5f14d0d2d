import type { ApiName } from "../iam/identifiers.ts";
import { asAccountId } from "../iam/identifiers.ts";
import { partitionOf } from "../iam/partition.ts";
import { configurationCallOf } from "./configuration-calls.ts";
import { decodeEnvelope } from "./envelopes/catalog.ts";
import type { ApiCall, AuditEvent, EventId, Outcome } from "./event.ts";
import { type Head, readHead } from "./head.ts";
import { fields, type JsonObject, text } from "./json.ts";
import { mask } from "./mask.ts";
import { configuredSecrets, type PlacedSecret, secretsPlacedIn } from "./secret-scan/configured.ts";
import { withoutSecrets } from "./secret-scan/take-out.ts";
import { besideOf, principalOf } from "./user-identity.ts";

/** What came of decoding one item: an event, or the reason why there is none. */
export type Decoded =
  | { readonly kind: "event"; readonly event: AuditEvent }
  | { readonly kind: "parked"; readonly because: string }
  | { readonly kind: "ignored"; readonly because: string };

/** Decodes one parsed item, whatever its form. Never throws: bad input is an answer, not an accident. */
export function decode(item: unknown, fingerprintKey?: string): Decoded {
  const read = readHead(item);
  return read.kind === "read" ? decodeHead(read.head, fingerprintKey) : read;
}

/**
 * Decodes what was already filed under its head, masking secrets before anything else can see them. Of those that a
 * call writes into a configuration place, kind and fingerprint stay, where there is a key for it.
 */
export function decodeHead(head: Head, fingerprintKey?: string): Decoded {
  if (head.form === "envelope") return decodeMasked(head);
  const placed = placedIn(head);
  const body = withoutSecrets(mask(head.body), placed);
  if (fingerprintKey === undefined || placed.length === 0) return decodeMasked({ ...head, body });
  return decodeMasked({ ...head, body, configured: configuredSecrets(placed, fingerprintKey) });
}

const placedIn = ({ source, name, body }: Head): readonly PlacedSecret[] =>
  configurationCallOf(apiOf(source, name)) === undefined ? [] : secretsPlacedIn(fields(body["requestParameters"]));

/** The same for a head whose record was masked before, such as one that was kept. */
export function decodeMasked(head: Omit<Head, "length">): Decoded {
  const account = asAccountId(head.account);
  const common = {
    id: head.id as EventId,
    at: head.at,
    ...(account ? { account } : {}),
    region: head.region,
    partition: partitionOf(text(fields(head.body["userIdentity"])["arn"]), head.region),
    guessed: head.guessed,
  };
  return head.form === "envelope" ? decodeEnvelope(head.body, common) : { kind: "event", event: apiCall(head, common) };
}

/** `service:Name` for a record's source and name, with Lambda's dated suffix taken off. */
export function apiOf(source: string, name: string): ApiName {
  const end = source.indexOf(".amazonaws.com");
  const service = end > 0 ? source.slice(0, end) : source;
  return `${service}:${service === "lambda" ? name.replace(/20\d{6}(?:v\d)?$/, "") : name}`;
}

type Common = Pick<ApiCall, "id" | "at" | "region" | "partition" | "guessed"> & Partial<Pick<ApiCall, "account">>;

function apiCall(head: Omit<Head, "length">, common: Common): ApiCall {
  const record = head.body;
  const request = record["requestParameters"];
  const errorCode = text(record["errorCode"]);
  const sharedEventId = text(record["sharedEventID"]);
  return {
    kind: "api-call",
    ...common,
    origin: originOf(record),
    api: apiOf(head.source, head.name),
    name: head.name,
    principal: principalOf(fields(record["userIdentity"]), besideOf(record)),
    request: fields(request),
    response: fields(record["responseElements"]),
    requestOmitted: fields(request)["omitted"] === true,
    outcome: outcomeOf(record, errorCode),
    ...(errorCode ? { errorCode } : {}),
    ...(sharedEventId ? { sharedEventId } : {}),
    ...(head.configured === undefined ? {} : { configured: head.configured }),
    record,
  };
}

function originOf(record: JsonObject): ApiCall["origin"] {
  switch (text(record["eventType"])) {
    case "AwsConsoleSignIn":
      return "console-sign-in";
    case "AwsServiceEvent":
      return "service-event";
    case "AwsCloudTrailInsight":
      return "insight";
    default:
      return text(record["eventCategory"]) === "Insight" ? "insight" : "api-call";
  }
}

/** Error codes differ by service and protocol ("Client.UnauthorizedOperation", "AccessDeniedException"); their cores do not. */
export function outcomeOf(record: JsonObject, errorCode: string): Outcome {
  const signIn = text(fields(record["responseElements"])["ConsoleLogin"]);
  if (signIn) return signIn === "Success" ? "done" : "denied";
  if (!errorCode) return text(record["eventType"]) === "AwsCloudTrailInsight" ? "unknown" : "done";
  return /denied|unauthori[sz]ed|notauthori[sz]ed|forbidden|authfailure|explicitdeny/i.test(errorCode)
    ? "denied"
    : "failed";
}
