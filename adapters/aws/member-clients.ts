import type { IAMClient } from "@aws-sdk/client-iam";
import { type CredentialsOf, memberSession, type SessionAs } from "./member-session.ts";

/** Clients that act in one account, each under a session name of its own, with one attempt a call. */
export interface MemberClients {
  iam(session: string): Promise<Pick<IAMClient, "send">>;
}

/** Where requests go, when not to AWS itself; tests have a server of their own. */
export interface Reached {
  readonly region: string;
  readonly endpoint?: string;
}

/**
 * Clients in the role of one function in one account, for one case. Every call is made in a session of its own name, so
 * that AWS's record of the call says which step of which case it was; credentials are fetched anew before they expire.
 */
export function memberClients(
  as: Omit<SessionAs, "sessionName">,
  reached: Reached,
  sts: Parameters<typeof memberSession>[1],
): MemberClients {
  const made = new Map<string, Promise<Pick<IAMClient, "send">>>();
  const where = { ...reached, maxAttempts: 1 };
  const make = async (credentials: CredentialsOf): Promise<IAMClient> => {
    const { IAMClient } = await import("@aws-sdk/client-iam");
    return new IAMClient({ ...where, credentials });
  };
  return {
    iam(session) {
      const known = made.get(session) ?? make(memberSession({ ...as, sessionName: session }, sts));
      made.set(session, known);
      return known;
    },
  };
}
