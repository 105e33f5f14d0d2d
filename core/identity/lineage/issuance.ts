import type { ApiCall } from "../../event/event.ts";
import { type Instant, instant, parseInstant } from "../../event/instant.ts";
import { fields, type JsonObject, list, text } from "../../event/json.ts";
import { mask } from "../../event/mask.ts";
import type { Principal } from "../../event/principal.ts";
import { calls, type Watch } from "../../event/watch.ts";
import { type AccessKeyId, asAccessKeyId } from "../../iam/identifiers.ts";
import { type IssuedSession, sessionIn } from "./issued-session.ts";
import { callerOf } from "./issuing-caller.ts";

/** The calls that issue credentials and say so, or that begin a sign-in whose credentials can be told by their session. */
export const issuingApis = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:AssumeRoot",
  "sts:GetFederationToken",
  "sts:GetSessionToken",
  "rolesanywhere:CreateSession",
  "signin:ConsoleLogin",
  "signin:CreateOAuth2Token",
  "signin:SwitchRole",
  "sso-oauth:CreateTokenWithIAM",
] as const;

export type IssuingApi = (typeof issuingApis)[number];

/** What lineage must see of every account: who issued which credential to whom. */
export const lineageWatches: Watch = calls(...issuingApis);

/** One recorded call that issued a credential: the link between a session and whoever asked for it. */
export interface Issuance {
  readonly api: IssuingApi;
  /** Absent where the record does not show the key: sign-ins, and one copy of some calls across accounts. */
  readonly accessKeyId?: AccessKeyId;
  /** Who asked, as the issuing record has it. */
  readonly caller: Principal;
  readonly eventID: string;
  /** The field that names what was issued. */
  readonly field: string;
  readonly at: Instant;
  readonly account?: string;
  readonly region: string;
  readonly sharedEventID?: string;
  /** When the credential stops working; absent where the record does not say. */
  readonly expires?: Instant;
  /** What was asked for the session and stays with it. */
  readonly session: IssuedSession;
}

const issuing: ReadonlySet<string> = new Set(issuingApis);
const isIssuing = (api: string): api is IssuingApi => issuing.has(api);

/** The credential or the sign-in that this call began, or nothing. */
export function issuanceOf(call: ApiCall): Issuance | undefined {
  if (!isIssuing(call.api) || call.outcome !== "done") return undefined;
  const issued = issuedIn(call.response);
  const session = sessionIn(call, issued.user);
  const accessKeyId = asAccessKeyId(issued.credentials["accessKeyId"]);
  const signedIn = call.api.startsWith("signin:") || session.credential !== undefined;
  if (accessKeyId === undefined && call.sharedEventId === undefined && !signedIn) return undefined;
  return {
    api: call.api,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    caller: callerOf(call),
    eventID: call.id,
    field: fieldOf(issued.path, accessKeyId, session),
    at: call.at,
    ...(call.account === undefined ? {} : { account: call.account }),
    region: call.region,
    ...(call.sharedEventId === undefined ? {} : { sharedEventID: call.sharedEventId }),
    ...expiryOf(call, issued.credentials, session),
    session,
  };
}

/** What lineage needs of an issuing record, masked, or nothing when it issued none; everything else is left behind. */
export function issuingFields(record: JsonObject): JsonObject | undefined {
  const { userIdentity, sharedEventID, errorCode, errorMessage, eventType, additionalEventData } = record;
  const response = fields(record["responseElements"]);
  if (errorCode !== undefined && record["responseElements"] === null) return undefined;
  const {
    credentials,
    credentialSet,
    subjectFromWebIdentityToken,
    provider,
    assumedRoleUser,
    subjectArn,
    subject,
    issuer,
    ConsoleLogin,
    SwitchRole,
  } = response;
  return mask({
    userIdentity,
    sharedEventID,
    errorCode,
    errorMessage,
    eventType,
    additionalEventData,
    requestParameters: requested(fields(record["requestParameters"])),
    responseElements: {
      credentials,
      credentialSet,
      subjectFromWebIdentityToken,
      provider,
      assumedRoleUser,
      sourceIdentity: response["sourceIdentity"],
      subjectArn,
      subject,
      issuer,
      signInSessionArn: response["signInSessionArn"],
      ConsoleLogin,
      SwitchRole,
    },
  });
}

const requestFields = [
  "roleArn",
  "sourceIdentity",
  "tags",
  "principalTags",
  "incomingTransitiveTags",
  "policy",
  "policyArns",
  "providedContexts",
  "durationSeconds",
  "targetPrincipal",
  "taskPolicyArn",
  "client_id",
  "clientId",
] as const;

const requested = (request: JsonObject): JsonObject =>
  Object.fromEntries(requestFields.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]])));

interface Issued {
  readonly credentials: JsonObject;
  readonly user: JsonObject;
  readonly path: string;
}

/** STS answers with `credentials`; Roles Anywhere with a list of one (`credentialSet`). */
function issuedIn(response: JsonObject): Issued {
  const set = fields(list(response["credentialSet"])[0]);
  return response["credentials"] === undefined && set["credentials"] !== undefined
    ? {
        credentials: fields(set["credentials"]),
        user: { ...set, ...fields(set["assumedRoleUser"]) },
        path: "responseElements.credentialSet[0]",
      }
    : {
        credentials: fields(response["credentials"]),
        user: fields(response["assumedRoleUser"]),
        path: "responseElements",
      };
}

function fieldOf(path: string, key: AccessKeyId | undefined, session: IssuedSession): string {
  if (key !== undefined) return `${path}.credentials.accessKeyId`;
  if (session.signIn !== undefined) return "signInSessionArn";
  if (session.credential !== undefined) return "additionalEventData.identitycenter:CredentialId";
  return session.id === undefined ? "sharedEventID" : `${path}.assumedRoleUser.assumedRoleId`;
}

/** STS writes `Aug 2, 2024, 8:45:00 AM`, Roles Anywhere RFC 3339; where neither can be read, the time asked for counts. */
function expiryOf(
  call: ApiCall,
  credentials: JsonObject,
  { maxSeconds }: IssuedSession,
): { readonly expires?: Instant } {
  const written = text(credentials["expiration"]);
  const parsed = parseInstant(written) ?? inWords(written);
  if (parsed !== undefined) return { expires: parsed };
  return maxSeconds === undefined ? {} : { expires: instant(call.at + maxSeconds * 1_000) };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function inWords(written: string): Instant | undefined {
  // The space before AM is U+202F where newer Java wrote the record.
  const found = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})[\s\u202f]([AP])M$/.exec(written);
  if (found === null) return undefined;
  const [, month = "", day, year, hour, minute, second, half] = found;
  const hours = (Number(hour) % 12) + (half === "P" ? 12 : 0);
  const time = Date.UTC(Number(year), months.indexOf(month), Number(day), hours, Number(minute), Number(second));
  return Number.isNaN(time) || !months.includes(month) ? undefined : instant(time);
}
