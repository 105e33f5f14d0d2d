import type { AccessKeyId } from "../iam/identifiers.ts";

export type Confidence = "low" | "medium" | "high";

/**
 * How a claim is known. asserted: AWS wrote it on the record. linked: an issuing call proves it.
 * indexed: one manifest names the principal. inferred: the caller chose the text.
 */
export type ClaimClass = "asserted" | "linked" | "indexed" | "inferred";

/** Who a chain of credentials begins with. */
export interface Root {
  readonly kind: "workload" | "person" | "service" | "external" | "unknown";
  readonly id: string;
}

/** One credential of the chain: who held it, and the record and field that issued it. */
export interface Hop {
  readonly principal: string;
  readonly accessKeyId: AccessKeyId | null;
  /** The record that issued this credential; null at the far end. */
  readonly eventID: string | null;
  readonly field?: string;
  /** The id both copies share, when the issuing call was recorded in two accounts. */
  readonly sharedEventID?: string;
  /** Set by the first caller of the chain, carried by AWS. */
  readonly sourceIdentity?: string;
  /** Session tags that the issuing call set or passed on. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Session policies of the issuing call: `inline`, or ARNs. Such a session may do less than its role. */
  readonly narrowedBy?: readonly string[];
  /** The Identity Center user whom the holder acted for, `sso:<store arn>/<user id>`; written by AWS. */
  readonly actedFor?: string;
  /** The OAuth client that the session was granted to, as it calls itself. */
  readonly client?: string;
  readonly end?: "long-term-key" | "service" | "federation" | "sign-in" | "not-seen";
}

/** Who had an agent, a gateway or a tool act. No credential was handed over, so nothing here is ever proof. */
export interface AskedBy {
  /** Who asked, as an attribution names them. */
  readonly id: string;
  /** The signer that asked, or the ARN of the gateway or agent. */
  readonly principal: string;
  /** The ARN of what was asked. */
  readonly asked: string;
  readonly eventID: string;
  /** The field that names what was asked. */
  readonly field: string;
  /** indexed: joined by a session's id. inferred: asked at that time, or under a name that the caller chose. */
  readonly class: "indexed" | "inferred";
  readonly sessionId?: string;
  /** Who asked the asker. */
  readonly askedBy?: readonly AskedBy[];
}

interface Verdict {
  readonly because: string;
  readonly confidence: Confidence;
  readonly root: Root;
  readonly hops: readonly Hop[];
  /** Who asked for it, where that was recorded; absent is nobody known. */
  readonly askedBy?: readonly AskedBy[];
}

/** Who ran this call. Doubt is a kind of answer and keeps its own name. */
export type Attribution =
  | (Verdict & {
      readonly kind: "workload" | "person" | "service" | "external";
      readonly id: string;
      /** True when exactly one manifest names this identity; `id` is then the manifest's name. */
      readonly declared: boolean;
      readonly class: ClaimClass;
    })
  | (Verdict & { readonly kind: "contested"; readonly claims: readonly string[] })
  | (Verdict & { readonly kind: "unattributed"; readonly id?: string });
