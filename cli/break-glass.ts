import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Needs nothing of Cordon but this file and an export of the ledger; Node 22.18, and the AWS CLI as a break-glass role.

/** The world that it works on; tests give another. */
export interface BreakGlassWorld {
  /** Runs the AWS CLI and answers with what it printed; throws what it said when it failed. */
  aws(words: readonly string[]): string;
  /** The `Date` of an answer of AWS, if there is one. */
  date(): Promise<string | null | undefined>;
  say(line: string): void;
  pause(milliseconds: number): Promise<void>;
  now(): number;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };
interface Change {
  readonly slot: Fields;
  readonly before: Json;
  readonly after: Json;
  /** Whose it is, with the id that a principal made anew under the name does not have. */
  readonly target: Fields;
}

/** Takes a case's containment back. 0 all of it · 1 not all · 2 wrong usage · 3 the ledger is not whole · 4 AWS failed. */
export async function breakGlass(words: readonly string[], world: BreakGlassWorld): Promise<number> {
  const asked = askedIn(words);
  const found = typeof asked === "string" ? asked : changesOf(readFileSync(asked.ledger, "utf8"), asked.case);
  if (typeof asked === "string" || typeof found === "string") {
    world.say(String(found));
    return typeof asked === "string" ? 2 : 3;
  }
  const record = recordTo(asked.record ?? `break-glass-${world.now()}.ndjson`);
  try {
    const by = JSON.parse(world.aws(["sts", "get-caller-identity", "--output", "json"])) as Fields;
    const changes = found.changes.map((one) => ({ ...one }));
    // On disk before the first change.
    record({ line: "begun", by, user: userInfo().username, at: world.now(), ...asked, changes });
    let missed = 0;
    const told = (what: string, outcome: string): void => {
      if (!["done", "already", "left"].includes(outcome)) missed++;
      record({ line: "outcome", what, outcome, at: world.now() });
      world.say(`${outcome.padEnd(8)} ${what}`);
    };
    const isCut = asked.kind === "compromised";
    const moment = await momentOf(found.newest, world);
    for (const one of isCut ? holdersOf(found.changes) : []) {
      const outcome = await put(revoke(one, [asked.case, moment], world), world);
      told(`revoke the sessions from before of ${String((one.slot["holder"] as Fields)["arn"])}`, outcome);
      if (outcome !== "done") return 1;
    }
    for (const { slot, before, after, target } of found.changes.toReversed()) {
      // Of somebody compromised a key is replaced; a label enforces nothing.
      const isLeft = slot["kind"] === "tag" || (isCut && slot["kind"] === "access-key");
      told(wordsOf(slot), isLeft ? "left" : await put({ slot, before: after, after: before, target }, world));
    }
    record({ line: "ended", missed, at: world.now() });
    world.say(`hand the record in${isCut ? "; take cordon-*-revoke off again after 12 hours (36 for a user)" : ""}`);
    return missed === 0 ? 0 : 1;
  } catch (cause) {
    world.say(`it stopped: ${cause instanceof Error ? cause.message : String(cause)}`);
    return 4;
  }
}

function askedIn(words: readonly string[]) {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
  const options = { ledger: text, case: text, reason: text, record: text, benign: flag, compromised: flag };
  try {
    const {
      ledger,
      case: id,
      reason = "",
      record,
      benign,
      compromised,
    } = parseArgs({ args: [...words], options }).values;
    if (ledger === undefined || id === undefined) return "say --ledger FILE and --case ID";
    if (reason.trim().length < 8) return "say --reason: nobody breaks the glass without one";
    if (benign === compromised) return "say either --benign or --compromised";
    const kind = benign ? "benign" : "compromised";
    return { ledger, case: id, reason, kind, ...(record === undefined ? {} : { record }) };
  } catch (cause) {
    return String(cause);
  }
}

/** Appends lines that are on disk when it returns. Refuses to write over another record. */
function recordTo(path: string): (line: Fields) => void {
  writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  return (line) => appendFileSync(path, `${JSON.stringify(line)}\n`, { flush: true });
}

/** What stands of a case by an export of the ledger, after its chains were checked; or what is wrong with them. */
function changesOf(exported: string, caseId: string) {
  const standing = new Map<string, Change>();
  const heads = new Map<string, { readonly sequence: number; readonly digest: Json }>();
  let [newest, isKnown] = [0, false];
  for (const [number, line] of exported.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { digest, ...entry } = JSON.parse(line) as Fields & { readonly chain: string; readonly step: Fields };
    const first = { sequence: 0, digest: digestOf("chain", entry.chain) };
    const head = heads.get(entry.chain) ?? first;
    const isNext = entry["sequence"] === head.sequence + 1 && entry["previous"] === head.digest;
    if (!isNext || digest !== digestOf("entry", entry))
      return `line ${number + 1} is not what was written, or one before it is missing`;
    heads.set(entry.chain, { sequence: head.sequence + 1, digest });
    newest = Math.max(newest, Number(entry["at"]));
    if (entry.step["kind"] !== "acted" || entry.step["caseId"] !== caseId) continue;
    isKnown = true;
    const acted = entry.step["body"] as unknown as { readonly target: Fields; readonly changes: readonly Change[] };
    for (const one of acted.changes) standing.set(canonical(one.slot), { ...one, target: acted.target });
  }
  return isKnown ? { changes: [...standing.values()], newest } : `it knows of nothing that was done in case ${caseId}`;
}

const digestOf = (what: string, value: Json): string =>
  hash("sha256", `cordon ledger ${what} 1\n${canonical(value)}`, "hex");

/** As the ledger has it (docs/ledger.md): keys sorted, no spaces. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value as Fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

/** Sets one slot if it still is what is expected, and reads it back. */
async function put(change: Change, world: BreakGlassWorld): Promise<string> {
  const now = held(change.slot, world);
  const words = setting(change);
  if (now === undefined || words === undefined) return "by hand: this file has no words for it";
  if (!isSame(change, world)) return "kept: it is another principal by now";
  if (canonical(now) === canonical(change.after)) return "already";
  if (canonical(now) !== canonical(change.before)) return "kept: somebody else has changed it";
  world.aws(words);
  for (let tried = 0; tried < 6; tried++) {
    if (canonical(held(change.slot, world) ?? null) === canonical(change.after)) return "done";
    await world.pause(2_000);
  }
  return "unseen: accepted, and not to be seen";
}

/** The words by which IAM's commands name what a slot is about. */
function about({ kind, holder, user, name, policy, accessKeyId }: Fields) {
  const { kind: what, arn } = kind === "access-key" ? { kind: "user", arn: user } : ((holder ?? {}) as Fields);
  const named: Fields = {
    "inline-policy": ["--policy-name", name ?? null],
    "attached-policy": ["--policy-arn", policy ?? null],
    "access-key": ["--access-key-id", accessKeyId ?? null],
  };
  const more = (named[String(kind)] ?? []) as readonly Json[];
  return { what: String(what), of: [`--${what}-name`, String(arn).split("/").at(-1) ?? ""], more: more.map(String) };
}

/** What a slot holds now; undefined for what this file has no words for. */
function held(slot: Fields, { aws }: BreakGlassWorld): Json | undefined {
  const { what, of, more } = about(slot);
  const asked = (verb: string, ...words: readonly string[]): Fields =>
    JSON.parse(aws(["iam", verb, ...of, ...words, "--output", "json"])) as Fields;
  const list = (verb: string, field: string): readonly Fields[] => asked(verb)[field] as readonly Fields[];
  const reading: Readonly<Record<string, () => Json | undefined>> = {
    "access-key": () =>
      list("list-access-keys", "AccessKeyMetadata").find((one) => one["AccessKeyId"] === slot["accessKeyId"])?.[
        "Status"
      ],
    "attached-policy": () => {
      const all = list(`list-attached-${what}-policies`, "AttachedPolicies");
      return all.some((one) => one["PolicyArn"] === slot["policy"]) ? "attached" : null;
    },
    boundary: () => {
      const { PermissionsBoundary: found } = Object.values(asked(`get-${what}`))[0] as Fields;
      return (found as Fields | undefined)?.["PermissionsBoundaryArn"];
    },
    "inline-policy": () => {
      const names = asked(`list-${what}-policies`)["PolicyNames"] as readonly Json[];
      return names.includes(slot["name"] ?? null) ? asked(`get-${what}-policy`, ...more)["PolicyDocument"] : null;
    },
  };
  const read = reading[String(slot["kind"])];
  return read && (read() ?? null);
}

/** The one call that sets a slot. */
function setting({ slot, after }: Change): readonly string[] | undefined {
  const { what, of, more } = about(slot);
  const [isOff, verb] = after === null ? [true, "delete"] : [false, "put"];
  const value = typeof after === "string" ? after : JSON.stringify(after);
  const calls: Readonly<Record<string, readonly string[]>> = {
    "access-key": ["update-access-key", ...of, ...more, "--status", value],
    "attached-policy": [`${isOff ? "detach" : "attach"}-${what}-policy`, ...of, ...more],
    boundary: [`${verb}-${what}-permissions-boundary`, ...of, ...(isOff ? [] : ["--permissions-boundary", value])],
    "inline-policy": [`${verb}-${what}-policy`, ...of, ...more, ...(isOff ? [] : ["--policy-document", value])],
  };
  const call = calls[String(slot["kind"])];
  return call && ["iam", ...call];
}

/** Whether the live role or user has the id that was contained; a key has its id in its name. */
function isSame({ slot, target }: Change, { aws }: BreakGlassWorld): boolean {
  if (slot["kind"] === "access-key") return true;
  const { what, of } = about(slot);
  const live = Object.values(JSON.parse(aws(["iam", `get-${what}`, ...of, "--output", "json"])) as Fields)[0] as Fields;
  return (live["RoleId"] ?? live["UserId"]) === target["id"];
}

function holdersOf(changes: readonly Change[]): readonly Change[] {
  const held = changes.filter(({ slot }) => "holder" in slot);
  return [...new Map(held.map((one) => [canonical(one.slot["holder"] ?? null), one])).values()];
}

/** The same document as core/respond/revoke.ts has; one from an earlier try is set to the later moment. */
function revoke({ slot: from, target }: Change, at: readonly [string, string], world: BreakGlassWorld): Change {
  const [caseId, moment] = at;
  const deny = { Sid: "CordonRevoke", Effect: "Deny", Action: "*", Resource: "*" };
  const statement = { ...deny, Condition: { DateLessThan: { "aws:TokenIssueTime": moment } } };
  const slot = { kind: "inline-policy", holder: from["holder"] ?? null, name: `cordon-${caseId}-revoke` };
  const live = held(slot, world) ?? null;
  const before = canonical(live).includes('"Sid":"CordonRevoke"') ? live : null;
  return { slot, before, after: { Version: "2012-10-17", Statement: [statement] }, target };
}

/** AWS's own time where it can be had, never earlier than the newest entry; without it a margin for a slow clock. */
async function momentOf(newest: number, { date, now }: BreakGlassWorld): Promise<string> {
  const server = Date.parse((await date()) ?? "");
  const whole = Math.ceil(Math.max(Number.isNaN(server) ? now() + 600_000 : server, newest) / 1_000) * 1_000 + 30_000;
  return new Date(whole).toISOString().replace(".000Z", "Z");
}

const wordsOf = ({ kind = null, ...rest }: Fields): string => `${String(kind)} ${canonical(rest)}`;

/** This machine's AWS CLI. */
export const realWorld: BreakGlassWorld = {
  aws: (words) => execFileSync("aws", [...words], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }),
  date: async () =>
    (await fetch("https://sts.amazonaws.com/", { method: "HEAD" }).catch(() => undefined))?.headers.get("date"),
  say: (line) => void process.stdout.write(`${line}\n`),
  pause: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
  now: () => Date.now(),
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await breakGlass(process.argv.slice(2), realWorld);
