/** What a mark says of one secret that was read, or of several that nobody named. */
export type ReadMark =
  | { readonly kind: "read"; readonly arn: string; readonly outside: boolean }
  | {
      readonly kind: "batch";
      readonly everything: boolean;
      readonly region: string;
      readonly slot: number;
    };

/** What counts once in a window: a secret, or that somebody listed or read in bulk in one stretch of time. */
export type FanMark = ReadMark | { readonly kind: "listed"; readonly region: string; readonly slot: number };

/** As the one text that a window keeps. */
export function fanMark(mark: FanMark): string {
  switch (mark.kind) {
    case "read":
      return JSON.stringify(["read", mark.arn.slice(0, longest), mark.outside]);
    case "batch":
      return JSON.stringify(["batch", mark.everything, mark.region, mark.slot]);
    case "listed":
      return JSON.stringify(["listed", mark.region, mark.slot]);
  }
}

/** Reads a mark again; nothing where another version wrote it another way. */
export function fanMarkOf(member: string): FanMark | undefined {
  if (!member.startsWith('["')) return undefined;
  const [kind, one, two, three]: readonly unknown[] = JSON.parse(member);
  if (kind === "read" && typeof one === "string" && typeof two === "boolean") return { kind, arn: one, outside: two };
  if (kind === "batch" && typeof one === "boolean" && typeof two === "string" && typeof three === "number")
    return { kind, everything: one, region: two, slot: three };
  if (kind === "listed" && typeof one === "string" && typeof two === "number") return { kind, region: one, slot: two };
  return undefined;
}

/** Parameter names go up to 1,011 characters, ARN and path included (Systems Manager API reference, PutParameter). */
const longest = 1_100;
