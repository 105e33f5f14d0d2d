import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { type CredentialsOf, memberSession, type SessionAs } from "./member-session.ts";

/** Clients that act in one account, each under a session name of its own, with one attempt a call. */
export interface MemberClients {
  iam(session: string): Promise<Pick<IAMClient, "send">>;
  lambda(session: string, region: string): Promise<Pick<LambdaClient, "send">>;
  scaling(session: string, region: string): Promise<Pick<AutoScalingClient, "send">>;
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
  const made = new Map<string, CredentialsOf>();
  const once = { ...reached, maxAttempts: 1 };
  const credentials = (sessionName: string): CredentialsOf => {
    const known = made.get(sessionName) ?? memberSession({ ...as, sessionName }, sts);
    made.set(sessionName, known);
    return known;
  };
  return {
    async iam(session) {
      const { IAMClient } = await import("@aws-sdk/client-iam");
      return new IAMClient({ ...once, credentials: credentials(session) });
    },
    async lambda(session, region) {
      const { LambdaClient } = await import("@aws-sdk/client-lambda");
      return new LambdaClient({ ...once, region, credentials: credentials(session) });
    },
    async scaling(session, region) {
      const { AutoScalingClient } = await import("@aws-sdk/client-auto-scaling");
      return new AutoScalingClient({ ...once, region, credentials: credentials(session) });
    },
  };
}
