import type { ApiCall } from "../../event/event.ts";
import { at, fields, type JsonObject, list, text } from "../../event/json.ts";

/**
 * What an issuing call says about the session that it began. All of it but `id`, `signIn`, `inherited`,
 * `subjectArn` and `credential` was chosen by the caller.
 */
export interface IssuedSession {
  readonly role?: string;
  /** `AROA…:session`, as the session's own records have it in `principalId`. */
  readonly id?: string;
  readonly signIn?: string;
  readonly sourceIdentity?: string;
  /** Session tags of this call. Values are masked. */
  readonly tags: Tags;
  /** Tags that came along the chain because an earlier caller made them transitive (`incomingTransitiveTags`). */
  readonly inherited: Tags;
  /** A session policy narrows what the role may do; its text as written. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** `ProvidedContexts`: AWS checked an identity context, such as an Identity Center user's. */
  readonly contexts: readonly string[];
  readonly maxSeconds?: number;
  /** The X.509 subject of IAM Roles Anywhere. */
  readonly subjectArn?: string;
  /** The OAuth client that asked for a token, as it calls itself. */
  readonly client?: string;
  /** The bearer token that was given out: later calls with it carry the id as `credentialId`. Written by AWS. */
  readonly credential?: string;
}

export type Tags = Readonly<Record<string, string>>;

/** What was asked for the session that this call began; `user` is the part of the answer that names it. */
export function sessionIn(call: ApiCall, user: JsonObject): IssuedSession {
  const { request, response, principal } = call;
  const role = text(request["roleArn"]) || text(user["roleArn"]);
  // A sign-in answers nothing: the session that it began is the one that its own record names.
  const own = call.api === "signin:ConsoleLogin" ? principal.signInSession : undefined;
  const id = text(user["assumedRoleId"]) || (sessionBeginning.has(call.api) ? (principal.id ?? "") : "");
  const signIn =
    text(response["signInSessionArn"]) || text(at(call.record, "additionalEventData", "signInSessionArn")) || own;
  const sourceIdentity =
    text(request["sourceIdentity"]) || text(response["sourceIdentity"]) || text(user["sourceIdentity"]);
  const policy = text(request["policy"]);
  const maxSeconds = request["durationSeconds"];
  const subjectArn = text(response["subjectArn"]);
  const client = text(request["client_id"]) || text(request["clientId"]);
  const credential =
    call.api === "sso-oauth:CreateTokenWithIAM"
      ? text(at(call.record, "additionalEventData", "identitycenter:CredentialId"))
      : "";
  return {
    ...(role ? { role } : {}),
    ...(id ? { id } : {}),
    ...(signIn ? { signIn } : {}),
    ...(sourceIdentity ? { sourceIdentity } : {}),
    tags: { ...tagsIn(request["principalTags"]), ...tagsIn(request["tags"]) },
    inherited: tagsIn(request["incomingTransitiveTags"]),
    ...(policy ? { policy } : {}),
    policyArns: [...list(request["policyArns"]), request["taskPolicyArn"] ?? null].flatMap(arnIn),
    contexts: list(request["providedContexts"]).flatMap((one) => text(fields(one)["providerArn"]) || []),
    ...(typeof maxSeconds === "number" ? { maxSeconds } : {}),
    ...(subjectArn ? { subjectArn } : {}),
    ...(client ? { client } : {}),
    ...(credential ? { credential } : {}),
  };
}

const sessionBeginning: ReadonlySet<string> = new Set(["signin:SwitchRole", "signin:CreateOAuth2Token"]);

/** A list of `{key, value}` in requests, an object in what STS adds itself. */
function tagsIn(value: unknown): Tags {
  const pairs = Array.isArray(value)
    ? list(value).map((one) => [text(fields(one)["key"]), text(fields(one)["value"])] as const)
    : Object.entries(fields(value)).map(([key, one]) => [key, text(one)] as const);
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
}

const arnIn = (one: unknown): readonly string[] => {
  const arn = text(one) || text(fields(one)["arn"]);
  return arn ? [arn] : [];
};
