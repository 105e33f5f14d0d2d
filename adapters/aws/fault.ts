import { Fault, type FaultCode } from "../../core/fault.ts";
import { type AwsCall, filled } from "../../core/flow/aws-call.ts";

/** What was being called when something failed, for a message that says which right is missing on what. */
export interface Calling {
  readonly call: AwsCall;
  /** Values of the `{name}` fields in the call's rights. */
  readonly names: Readonly<Record<string, string>>;
}

/** Names by which SDKs say that nobody is signed in, or not any more. */
const unsigned: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidAccessKeyId",
  "UnrecognizedClientException",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
]);

const codes: ReadonlyMap<string, FaultCode> = new Map(
  (
    [
      [
        "throttled",
        ["Throttling", "ThrottlingException", "SlowDown", "RequestLimitExceeded", "TooManyRequestsException"],
      ],
      ["denied", ["AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden", "UnauthorizedOperation"]],
      ["not-found", ["NoSuchKey", "NoSuchBucket", "NotFound", "NoSuchVersion"]],
      ["conflict", ["PreconditionFailed", "InvalidObjectState", "InvalidNextTokenException"]],
      [
        "unreachable",
        ["TimeoutError", "NetworkingError", "RequestTimeout", "AbortError", "InternalError", "ServiceUnavailable"],
      ],
      [
        "unreachable",
        ["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH", "ECONNABORTED"],
      ],
      ["misconfigured", ["PermanentRedirect", "AuthorizationHeaderMalformed", "RequestTimeTooSkewed", "OptInRequired"]],
    ] satisfies readonly [FaultCode, readonly string[]][]
  ).flatMap(([code, names]) => names.map((name) => [name, code] as const)),
);

/** The SDK's error as a Fault that names the call, the resource and what to do; a bug of ours stays what it is. */
export function toFault(cause: unknown, calling: Calling): unknown {
  if (cause instanceof Fault || !(cause instanceof Error)) return cause;
  const code = codeOf(cause);
  if (code === undefined) return cause;
  return new Fault(code, message(code, cause, calling), { cause });
}

/** True when the error says that no credentials were found, or that AWS does not accept them (any more). */
export const nobodySignedIn = (cause: Error): boolean => unsigned.has(nameOf(cause));

/** AWS's own name for an error, also where it is hidden in `Code`. */
export const nameOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return "";
  const code = "code" in cause ? cause.code : "Code" in cause ? cause.Code : undefined;
  return cause.name === "Error" && typeof code === "string" ? code : cause.name;
};

function codeOf(cause: Error): FaultCode | undefined {
  if (nobodySignedIn(cause)) return "misconfigured";
  const named = codes.get(nameOf(cause)) ?? ("code" in cause ? codes.get(String(cause.code)) : undefined);
  return named ?? byStatus(statusOf(cause));
}

function byStatus(status: number): FaultCode | undefined {
  if (status === 429 || status === 503) return "throttled";
  if (status >= 500) return "unreachable";
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "not-found";
  return status === 412 ? "conflict" : undefined;
}

function statusOf(cause: Error): number {
  const metadata = "$metadata" in cause ? cause.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return 0;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : 0;
}

function message(code: FaultCode, cause: Error, { call, names }: Calling): string {
  const on = filled(call.resource, names);
  const said = `AWS said: ${nameOf(cause)}: ${short(cause.message)}`;
  switch (code) {
    case "denied":
      return `${call.api} is denied. ${missingRight(call, names, cause.message)} (${said})`;
    case "throttled":
      return `${call.api} on ${on} is throttled, also after waiting; run the same command later (${said})`;
    case "unreachable":
      return `${call.api} on ${on} could not be reached; check the network and run the same command again (${said})`;
    case "not-found":
      return `${call.api}: ${on} does not exist (any more); check its name (${said})`;
    case "conflict":
      return `${call.api}: ${on} is not what it was a moment ago; run the same command again (${said})`;
    case "misconfigured":
      return nobodySignedIn(cause)
        ? `${call.api}: AWS does not accept the credentials; sign in again (${said})`
        : `${call.api} on ${on} does not fit the configuration; check the Region and the clock (${said})`;
    case "full":
      return `${call.api} on ${on}: nothing fits any more (${said})`;
  }
}

/** Of the rights behind a call, the one that AWS names, else the main one. */
function missingRight(call: AwsCall, names: Readonly<Record<string, string>>, said: string): string {
  const right = call.rights.find(({ action }) => said.toLowerCase().includes(action.toLowerCase())) ?? call.rights[0];
  if (right === undefined) return "A policy of the organisation or of the endpoint forbids it.";
  return `The right ${right.action} on ${filled(right.resource, names)} is missing, or a policy takes it away: add it, or use other credentials.`;
}

const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
