import type { CallMark } from "./control-plane.ts";

/**
 * The session name of a call of ours: AWS writes it into its own record of the call. It holds the beginning of the case's
 * id and the whole token of the step. IAM allows 64 characters of `\w+=,.@-`.
 */
export const sessionNameOf = ({ caseId, token }: CallMark): string =>
  `cordon-${caseId.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 24)}-${token}`;

/** The source identity of all calls of a case; it stays with whatever sessions a call's session begins. */
export const sourceIdentityOf = ({ caseId }: Pick<CallMark, "caseId">): string =>
  `cordon-${caseId.replaceAll(/[^\w+=,.@-]/g, "-")}`.slice(0, 64);

/** The token that a session name claims. Whoever may assume the role can claim one: it proves nothing without an intent. */
export const tokenIn = (sessionName: string): string | undefined => /^cordon-.*-([0-9a-f]{32})$/.exec(sessionName)?.[1];
