import { globCovers } from "../../iam/glob-meet.ts";
import type { Attribution } from "../../identity/attribution.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import type { Registry } from "../../identity/workload.ts";
import type { State } from "../state.ts";
import type { UsageNote } from "../usage-note.ts";
import { facesOf } from "./inventory-face.ts";
import type { SecretReader, SecretRow } from "./inventory-row.ts";

/** Secrets from both sides: who read each, and what each identity read. */
export interface SecretReads {
  /** The most readers first, then by name. */
  readonly rows: readonly SecretRow[];
  /** By the id of an identity or credential. */
  readonly byIdentity: ReadonlyMap<string, IdentityReads>;
}

export interface IdentityReads {
  readonly secrets: Set<string>;
  /** Those that the reader's manifest does not name, though it names some. */
  readonly undeclared: Set<string>;
  decrypts: number;
}

export const noReads: IdentityReads = { secrets: new Set(), undeclared: new Set(), decrypts: 0 };

interface Tally {
  readonly kind: SecretRow["kind"];
  reads: number;
  denied: number;
  last: number;
  readonly readers: Map<string, { -readonly [Key in keyof SecretReader]: SecretReader[Key] }>;
}

/** Sums up what was remembered of each read. A read that was refused is counted apart and gives nobody a secret. */
export function secretReads(
  state: State,
  registry: Registry,
  attributionOf: (principal: number) => Attribution,
): SecretReads {
  const secrets = new Map<string, Tally>();
  const byIdentity = new Map<string, IdentityReads>();
  for (const { principal, note } of state.usage.notes((entry) => state.records.stayed(entry))) {
    if (note.kind !== "secret") continue;
    const attribution = attributionOf(principal);
    const faces = principal === noPrincipal ? [] : facesOf(state.principals.read(principal), attribution);
    for (const secret of new Set(note.secrets)) {
      const declared = declaredBy(attribution, registry, { secret, what: note.what });
      count(secrets, { secret, note, attribution, declared });
      if (note.outcome !== "done") continue;
      for (const { id } of faces) {
        const own = byIdentity.get(id) ?? { secrets: new Set(), undeclared: new Set(), decrypts: 0 };
        byIdentity.set(id, own);
        if (note.what === "kms-key") own.decrypts++;
        else own.secrets.add(secret);
        if (declared === "not-declared") own.undeclared.add(secret);
      }
    }
  }
  const rows = [...secrets].map(
    ([id, { readers, ...tally }]): SecretRow => ({
      id,
      ...tally,
      readers: [...readers.values()].sort((a, b) => b.last - a.last || (a.id < b.id ? -1 : 1)),
    }),
  );
  return { rows: rows.sort(byReaders), byIdentity };
}

const byReaders = (a: SecretRow, b: SecretRow): number =>
  b.readers.length - a.readers.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

interface Read {
  readonly secret: string;
  readonly note: Extract<UsageNote, { kind: "secret" }>;
  readonly attribution: Attribution;
  readonly declared: SecretReader["declared"];
}

function count(secrets: Map<string, Tally>, { secret, note, attribution, declared }: Read): void {
  const { kind } = attribution;
  const id = kind === "contested" ? "contested" : (attribution.id ?? "unattributed");
  const row = secrets.get(secret) ?? { kind: note.what, reads: 0, denied: 0, last: 0, readers: new Map() };
  secrets.set(secret, row);
  const reader = row.readers.get(id) ?? { id, kind, reads: 0, denied: 0, last: 0, declared };
  row.readers.set(id, reader);
  for (const one of [row, reader]) {
    if (note.outcome === "done") one.reads++;
    else one.denied++;
    one.last = Math.max(one.last, note.at);
  }
}

function declaredBy(
  attribution: Attribution,
  registry: Registry,
  { secret, what }: { readonly secret: string; readonly what: SecretRow["kind"] },
): SecretReader["declared"] {
  const isDeclared = attribution.kind !== "contested" && attribution.kind !== "unattributed" && attribution.declared;
  const manifest = isDeclared ? registry.named(attribution.id) : undefined;
  if (manifest === undefined) return "no-manifest";
  const patterns = manifest.envelope.secrets;
  if (patterns === undefined) return "not-limited";
  if (patterns.some((pattern) => globCovers(pattern, secret) || globCovers(withoutEnd(pattern), secret)))
    return "declared";
  // Keys are limited by statements; the list is about secrets and parameters.
  return what === "kms-key" ? "not-limited" : "not-declared";
}

/** A pattern may be written with the six random characters that end a secret's ARN, or with wildcards for them. */
const withoutEnd = (pattern: string): string => pattern.replace(/-(?:\*|[?A-Za-z0-9]{6})$/, "");
