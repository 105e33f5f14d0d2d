import type { Principal } from "../core/event/principal.ts";
import { parseArn } from "../core/iam/arn.ts";
import type { Attribution } from "../core/identity/attribution.ts";

/** Whom a person means by a text: an access key id, an ARN, an immutable id, a workload's name or any attribution id. */
export interface Meant {
  /** The principal signed with this key, as this role, session or user; AWS wrote the text on the record. */
  signed(principal: Principal): boolean;
  /** The answer, its root or one of its contested claims is this identity. */
  named(attribution: Attribution): boolean;
  /** Somebody on the way from the root to the signer is this identity. */
  behind(attribution: Attribution): boolean;
}

/**
 * Reads what was typed. Everything is compared as a whole; only a role also means its sessions, and an immutable id the
 * sessions under it. Role names are unique in an account, so a path (which sessions do not carry) makes no difference.
 */
export function meantBy(typed: string): Meant {
  const wanted = typed.replace(/^(?:role|user):(?=arn:)/, "");
  const sessions = sessionsOf(wanted);
  const isIt = (arn: string | undefined): boolean =>
    arn !== undefined && (arn === wanted || (sessions !== undefined && arn.startsWith(sessions)));
  const ids: ReadonlySet<string> = new Set([typed, wanted, `role:${wanted}`, `user:${wanted}`]);
  return {
    signed(principal) {
      const { arn, id, accessKeyId } = principal;
      if (accessKeyId === wanted || isIt(arn) || id === wanted || id?.startsWith(`${wanted}:`) === true) return true;
      switch (principal.kind) {
        case "assumed-role":
          return principal.role === wanted || principal.session.inScopeOf?.credentialsIssuedTo === wanted;
        case "aws-service":
          return principal.service === wanted;
        case "iam-user":
        case "root":
        case "role":
        case "directory":
        case "federated-user":
        case "saml-user":
        case "web-identity-user":
        case "identity-center-user":
        case "aws-account":
        case "unknown":
          return false;
      }
    },
    named(attribution) {
      if (ids.has(attribution.root.id)) return true;
      return attribution.kind === "contested"
        ? attribution.claims.some((claim) => ids.has(claim))
        : attribution.id !== undefined && ids.has(attribution.id);
    },
    behind: ({ hops }) =>
      hops.some(
        ({ principal, accessKeyId }) => accessKeyId === wanted || (wanted.startsWith("arn:") && isIt(principal)),
      ),
  };
}

/** What the ARNs of a role's sessions begin with, for a role's ARN or a session's without its name. */
function sessionsOf(wanted: string): string | undefined {
  const arn = parseArn(wanted);
  if (arn === undefined) return undefined;
  const [kind, ...rest] = arn.resource.split("/");
  const name = rest.at(-1);
  if (!name) return undefined;
  const session = `arn:${arn.partition}:sts::${arn.account}:assumed-role/${name}/`;
  if (arn.service === "iam" && kind === "role") return session;
  return arn.service === "sts" && kind === "assumed-role" && rest.length === 1 ? session : undefined;
}
