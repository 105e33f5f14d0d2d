import type { ApiCall } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import { fields, type JsonObject, text } from "../event/json.ts";
import type { Principal } from "../event/principal.ts";
import { calls, type Watch } from "../event/watch.ts";
import { type AccessKeyId, asAccessKeyId } from "../iam/identifiers.ts";

/** One recorded call that issued a credential: the link between a session and whoever asked for it. */
export interface Issuance {
  readonly accessKeyId: AccessKeyId;
  /** Who asked, as the issuing record has it. */
  readonly caller: Principal;
  readonly eventID: string;
  readonly field: string;
  readonly at: Instant;
  readonly account?: string;
  readonly region: string;
  readonly sharedEventID?: string;
}

/** The calls that issue credentials and say so (AWS STS API reference); all but the last are read-only by CloudTrail's account. */
export const issuingApis = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:AssumeRoot",
  "sts:GetFederationToken",
  "sts:GetSessionToken",
] as const;

/** What lineage must see of every account: who issued which credential to whom. */
export const lineageWatches: Watch = calls(...issuingApis);

const field = "responseElements.credentials.accessKeyId";
const issuing: ReadonlySet<string> = new Set(issuingApis);

/** The credential that this call issued, or nothing. */
export function issuanceOf(call: ApiCall): Issuance | undefined {
  if (!issuing.has(call.api)) return undefined;
  const accessKeyId = asAccessKeyId(fields(call.response["credentials"])["accessKeyId"]);
  if (accessKeyId === undefined) return undefined;
  return {
    accessKeyId,
    caller: subjectFirst(call),
    eventID: call.id,
    field,
    at: call.at,
    ...(call.account === undefined ? {} : { account: call.account }),
    region: call.region,
    ...(call.sharedEventId === undefined ? {} : { sharedEventID: call.sharedEventId }),
  };
}

/**
 * What lineage needs of an issuing record, or nothing when it issued none. No secret is among these fields, so they need
 * no masking; everything else is left behind.
 */
export function issuingFields(
  record: JsonObject,
): { readonly body: JsonObject; readonly issued: AccessKeyId } | undefined {
  const response = fields(record["responseElements"]);
  const issued = asAccessKeyId(fields(response["credentials"])["accessKeyId"]);
  if (issued === undefined) return undefined;
  const { userIdentity, sharedEventID, errorCode, eventType } = record;
  const { subjectFromWebIdentityToken, provider, assumedRoleUser } = response;
  return {
    issued,
    body: {
      userIdentity,
      sharedEventID,
      errorCode,
      eventType,
      responseElements: {
        credentials: { accessKeyId: issued },
        subjectFromWebIdentityToken,
        provider,
        assumedRoleUser,
      },
    },
  };
}

/** Of several records of one issuing call, the caller's own copy: it names the caller, the other only its account. */
export function callersCopy(copies: readonly Issuance[]): Issuance | undefined {
  const [first] = copies.toSorted(
    (a, b) => anonymity(a.caller) - anonymity(b.caller) || a.at - b.at || (a.eventID < b.eventID ? -1 : 1),
  );
  if (first === undefined) return undefined;
  const { sharedEventID, ...alone } = first;
  const recordedTwice = copies.some((one) => one.eventID !== first.eventID && one.sharedEventID === sharedEventID);
  return recordedTwice && sharedEventID !== undefined ? first : alone;
}

const anonymity = (caller: Principal): number => (caller.kind === "aws-account" || caller.kind === "unknown" ? 1 : 0);

/** Web-identity records name the subject in the response as the provider proved it; that comes before `userName`. */
function subjectFirst({ principal, response }: ApiCall): Principal {
  const proven = text(response["subjectFromWebIdentityToken"]);
  if (principal.kind !== "web-identity-user" || !proven) return principal;
  return { ...principal, subject: proven, provider: principal.provider || text(response["provider"]) };
}
