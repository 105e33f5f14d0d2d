/** What a mark says of one use of a credential: which key, from where, by what kind of client. */
export interface CredentialMark {
  readonly key: string;
  /** A block of addresses, or `endpoint vpce-…`; empty where it is not told. */
  readonly place: string;
  /** The client's family and system, in words of our own. */
  readonly client: string;
  readonly region: string;
  /** Why the use by itself is wrong; empty where it is not. */
  readonly wrong: string;
}

/** As the one text that a window keeps: equal uses count once. */
export const credentialMark = ({ key, place, client, region, wrong }: CredentialMark): string =>
  JSON.stringify([key, place, client, region, wrong]);

/** Reads a mark again; nothing where another version wrote it another way. */
export function credentialMarkOf(member: string): CredentialMark | undefined {
  if (!member.startsWith('["')) return undefined;
  const parts: readonly unknown[] = JSON.parse(member);
  const [key, place, client, region, wrong] = parts.map((one) => (typeof one === "string" ? one : undefined));
  if (key === undefined || place === undefined || client === undefined || region === undefined) return undefined;
  return wrong === undefined ? undefined : { key, place, client, region, wrong };
}

/** The distinct values of one part of some marks, sorted. */
export const distinctOf = (marks: readonly CredentialMark[], part: "place" | "client" | "region"): readonly string[] =>
  [...new Set(marks.map((one) => one[part]).filter((one) => one !== ""))].sort();
