import type { Principal } from "../../event/principal.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import type { Issuance } from "./issuance.ts";

/** Finds the call that issued a principal's credential, among everything that was observed. */
export type FindIssuance = (principal: Principal) => Issuance | undefined;

/** Finds issuing calls by one of their link keys. */
export type FindLinked = (key: string) => readonly Issuance[];

/**
 * Under which keys an issuing call is found again. The key id is exact; the session's id is used within its minute, for
 * names are used again and again; `sharedEventID` joins two copies of one call of which only one shows the key.
 */
export function linkKeysOf({ api, accessKeyId, at, caller, sharedEventID, session }: Issuance): readonly string[] {
  return [
    ...(accessKeyId === undefined ? [] : [`key ${accessKeyId}`]),
    ...(accessKeyId === undefined && sharedEventID !== undefined ? [`shared ${sharedEventID}`] : []),
    ...(session.signIn === undefined ? [] : [`sign-in ${session.signIn}`]),
    ...(session.credential === undefined ? [] : [`bearer ${session.credential}`]),
    ...(session.id === undefined
      ? []
      : [api === grantingToken ? tokenKey(session.id, caller) : sessionKey(session.id, at)]),
  ];
}

/**
 * The call that issued this principal's credential: by key id; else by the sign-in session or the bearer token; else by the session's id and
 * the second it began, which AWS writes on both sides. Two candidates are none: a guess would be a wrong attribution.
 */
export function issuanceFor(principal: Principal, find: FindLinked): Issuance | undefined {
  const { accessKeyId, signInSession, credentialId } = principal;
  if (accessKeyId !== undefined && isLongTerm(accessKeyId)) return undefined;
  const byKey = accessKeyId === undefined ? [] : find(`key ${accessKeyId}`);
  if (byKey.length > 0) return callersCopy(withOtherCopies(byKey, find));
  const bySignIn = signInSession === undefined ? [] : find(`sign-in ${signInSession}`);
  if (bySignIn.length > 0) return onlyOne(bySignIn);
  const byToken = credentialId === undefined ? [] : find(`bearer ${credentialId}`);
  return byToken.length > 0 ? onlyOne(byToken) : bySession(principal, find);
}

/**
 * Of several records of one issuing call, the caller's own copy: it names the caller, the other only its account. Roles
 * Anywhere lets STS issue the key, which is recorded as well; its own record names the certificate's subject.
 */
export function callersCopy(copies: readonly Issuance[]): Issuance | undefined {
  const [first] = copies.toSorted(
    (a, b) => anonymity(a) - anonymity(b) || a.at - b.at || (a.eventID < b.eventID ? -1 : 1),
  );
  if (first === undefined) return undefined;
  const { sharedEventID, ...alone } = first;
  const recordedTwice = copies.some((one) => one.eventID !== first.eventID && one.sharedEventID === sharedEventID);
  return recordedTwice && sharedEventID !== undefined ? first : alone;
}

/** A session may begin this long before or after the second that its issuing call is dated. */
const tolerance = 2_000;
const minute = 60_000;

const sessionKey = (id: string, at: number): string => `session ${id}@${Math.floor(at / minute)}`;

/** `aws login`: the call answers nothing, and the key that it hands out carries the id and the beginning of the session that asked. */
const grantingToken = "signin:CreateOAuth2Token";
const tokenKey = (id: string, caller: Principal): string => `token ${id}@${beginningOf(caller) ?? ""}`;

const beginningOf = (principal: Principal): number | undefined =>
  principal.kind === "assumed-role" ? principal.session.startedAt : undefined;

function anonymity({ caller, session }: Issuance): number {
  if (session.subjectArn !== undefined) return 0;
  return caller.kind === "aws-account" || caller.kind === "unknown" ? 2 : 1;
}

/** The copy in the role's account may be the only one that shows the key, and the caller's the only one that names the caller. */
function withOtherCopies(copies: readonly Issuance[], find: FindLinked): readonly Issuance[] {
  if (copies.some((one) => anonymity(one) < 2)) return copies;
  return copies.flatMap((one) =>
    one.sharedEventID === undefined ? [one] : [one, ...find(`shared ${one.sharedEventID}`)],
  );
}

function bySession(principal: Principal, find: FindLinked): Issuance | undefined {
  const { id, accessKeyId, console: inConsole } = principal;
  const began = beginningOf(principal);
  if (id === undefined || began === undefined) return undefined;
  const keys = new Set([sessionKey(id, began - tolerance), sessionKey(id, began + tolerance)]);
  const issued = [...keys].flatMap(find).filter((one) => Math.abs(one.at - began) <= tolerance);
  if (issued.length > 0) return onlyOne(issued);
  return accessKeyId === undefined || inConsole ? undefined : onlyOne(find(tokenKey(id, principal)));
}

function onlyOne(found: readonly Issuance[]): Issuance | undefined {
  const calls = new Set(found.map((one) => one.sharedEventID ?? one.eventID));
  return calls.size === 1 ? callersCopy(found) : undefined;
}
