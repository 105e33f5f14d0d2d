import { oneOf, type Showing, type ShowingSource, showingOf } from "./escalation-shows.ts";

/**
 * One known way to more rights than a policy spells out. The table is core/iam/escalation-paths.data.json, imported by
 * composition roots and passed in; ids are `<service>:<actions joined by +>`, so that they do not follow anybody's numbering.
 */
export interface EscalationPath {
  readonly id: string;
  /** What who holds it can do, as the end of "somebody who …". */
  readonly title: string;
  /** `aid`: helps a take-over or makes it last, without giving rights by itself; `escalates` does not count it. */
  readonly class: "escalation" | "aid";
  readonly kind: "self" | "principal" | "new-passrole" | "existing-role" | "guard-rail" | "federation" | "persistence";
  readonly severity: "low" | "medium" | "high" | "critical";
  /** All of them are needed; `iam:PassRole` among them when a role is handed over. */
  readonly actions: readonly string[];
  /** The services a role is handed to, and the request parameters of the receiving call that name it. */
  readonly passed?: { readonly services: readonly string[]; readonly role: readonly string[] };
  /** Actions that must be open on one and the same resource. */
  readonly same?: readonly (readonly string[])[];
  /** Resource types that count for an action, where not all that AWS lists do. */
  readonly on?: Readonly<Record<string, readonly string[]>>;
  /** `harmless`: on one's own user the actions give nothing new. */
  readonly ownResource?: "harmless";
  /** Condition keys with the values that make the path one; an empty list: the key is absent. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
  /** Actions that AWS checks and does not list in its reference. */
  readonly unlisted?: readonly string[];
  readonly attack: readonly string[];
  /** How it shows in CloudTrail; some paths show in more than one way. */
  readonly shows: readonly [Showing, ...Showing[]];
  /** Names of the same path elsewhere. */
  readonly aliases?: readonly string[];
  readonly reference: string;
}

/** The file. */
export interface EscalationFile {
  readonly paths: readonly EscalationPath[];
}

const kinds = [
  "self",
  "principal",
  "new-passrole",
  "existing-role",
  "guard-rail",
  "federation",
  "persistence",
] as const;
const severities = ["low", "medium", "high", "critical"] as const;
const classes = ["escalation", "aid"] as const;

/** The file as JSON imports type it: words where a path has one of a few. */
export interface EscalationSource {
  readonly paths: readonly (Omit<EscalationPath, "class" | "kind" | "severity" | "ownResource" | "shows"> & {
    readonly class: string;
    readonly kind: string;
    readonly severity: string;
    readonly ownResource?: string;
    readonly shows: readonly ShowingSource[];
  })[];
}

/** The paths of the file, words checked. Throws on a word that the table may not have: the file is ours. */
export const escalationPaths = ({ paths }: EscalationSource): readonly EscalationPath[] =>
  paths.map(({ ownResource, shows, ...one }) => ({
    ...one,
    shows: showingsOf(one.id, shows),
    class: oneOf(classes, one.class),
    kind: oneOf(kinds, one.kind),
    severity: oneOf(severities, one.severity),
    ...(ownResource === undefined ? {} : { ownResource: oneOf(["harmless"] as const, ownResource) }),
  }));

function showingsOf(id: string, shows: readonly ShowingSource[]): EscalationPath["shows"] {
  const [first, ...others] = shows.map(showingOf);
  if (first === undefined) throw new TypeError(`the escalation table does not say how ${id} shows`);
  return [first, ...others];
}
