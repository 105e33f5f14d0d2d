import Table from "cli-table3";
import { instant } from "../core/event/instant.ts";
import type { JsonObject } from "../core/event/json.ts";
import actions from "../core/iam/action-table.data.json" with { type: "json" };
import { actionTable } from "../core/iam/action-table.ts";
import rows from "../core/iam/authorisation.data.json" with { type: "json" };
import { authorisation } from "../core/iam/authorisation.ts";
import { differing } from "../core/iam/compare/difference.ts";
import { newlyOpen } from "../core/iam/compare/newly-open.ts";
import { compilePolicies, type Target, verdictOf } from "../core/iam/compiled-policy.ts";
import known from "../core/iam/escalation-paths.data.json" with { type: "json" };
import { type PolicyDocument, parsePolicy } from "../core/iam/policy.ts";
import { escalationPaths } from "../core/iam/reach/escalation-path.ts";
import { reachStatements } from "../core/iam/reach/reach-statement.ts";
import type { IamTables } from "../core/iam/tables.ts";
import type { Conduct } from "../core/identity/conduct.ts";
import { compileEnvelope } from "../core/identity/envelope/envelope.ts";
import type { Workload } from "../core/identity/workload.ts";
import { seededRandom } from "./corpus-random.ts";
import { policyPairs, type WrittenPolicy } from "./policy-pairs.ts";
import { median } from "./rounds.ts";

const table = actionTable(actions);
const paths = escalationPaths(known);
const differ = differing(table, { partition: "aws", region: "us-east-1", account: "111122223333" });

/** What a difference and an envelope check cost, in one process: these are parts of a line, not lines. */
export function benchPolicy({ rounds, pairs }: { readonly rounds: number; readonly pairs: number }): void {
  for (const [name, value] of Object.entries({ rounds, pairs }))
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name}: give a whole number of at least 1`);
  differences(rounds, pairs);
  hostile(rounds);
  checks(rounds);
}

const read = (policy: WrittenPolicy | object): PolicyDocument => {
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.because);
  return parsed.document;
};

/** In milliseconds. */
function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

const centile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

/** Every pair once as the first that its patterns meet, then so many rounds warm; with compiling, without reading the JSON. */
function differences(rounds: number, pairs: number): void {
  const made = policyPairs(table, { seed: 1, pairs });
  const sizes = made.flatMap(({ old, now }) => [old, now].map((one) => JSON.stringify(one).length));
  console.log(
    `${pairs} pairs of policies, ${centile(sizes, 0.5)} characters in the median, ${centile(sizes, 0.99)} at the 99th centile`,
  );
  const read2 = made.map(({ kind, old, now }) => ({ kind, old: [read(old)], now: [read(now)], written: { old, now } }));
  const shown = new Table({
    head: ["", "pairs", "rows, median", "median ms", "p99 ms", "first pass, median ms", "first pass, p99 ms"],
  });
  const first = new Map(read2.map((pair) => [pair, timed(() => differ(pair.old, pair.now))] as const));
  for (const kind of ["edited", "replaced", "all"] as const) {
    const own = read2.filter((pair) => kind === "all" || pair.kind === kind);
    const passes = Array.from({ length: rounds }, () => own.map((pair) => timed(() => differ(pair.old, pair.now))));
    // Of each pair the median of its rounds: a neighbour that takes the core for a while is not the pair's cost.
    const warm = own.map((_, at) => median(passes.map((pass) => pass[at] ?? 0)));
    const rows = own.map((pair) => {
      const { added, removed } = differ(pair.old, pair.now);
      return added.length + removed.length;
    });
    const cold = own.map((pair) => first.get(pair) ?? 0);
    shown.push([
      kind,
      own.length,
      median(rows),
      ...[median(warm), centile(warm, 0.99), median(cold), centile(cold, 0.99)].map((one) => one.toFixed(3)),
    ]);
  }
  console.log(shown.toString());
  const paid = read2.map(({ old, now, written }) => {
    const gained = differ(old, now).added.map(({ action }) => action);
    const [before, after] = [reachStatements(written.old), reachStatements(written.now)];
    return before.ok && after.ok
      ? timed(() => newlyOpen({ old: before.statements, now: after.statements, gained }, { paths, table }))
      : 0;
  });
  console.log(
    `newly open paths: ${median(paid).toFixed(3)} ms in the median, ${centile(paid, 0.99).toFixed(3)} at the 99th centile`,
  );
}

/** Patterns made to be slow, at one and at four times the length: linear is four times as much. */
function hostile(rounds: number): void {
  const document = (stars: number, end: string): PolicyDocument =>
    read({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*a*a*a*a*a*a*a*a*b*", Resource: `${"*a".repeat(stars)}${end}` }],
    });
  const cost = (stars: number): number => {
    const [old, now] = [[document(stars, "b")], [document(stars, "c")]];
    return median(Array.from({ length: rounds * 5 }, () => timed(() => differ(old, now))));
  };
  const lengths = [180, 360, 720, 1_440, 2_880] as const;
  console.log(
    `hostile patterns (*a*a*a…): ${lengths.map((stars) => `${cost(stars).toFixed(2)} ms at ${2 * stars} characters`).join(", ")}`,
  );
}

/** Whether twelve statements allow a call; and what a compiled envelope says of a conduct, at first and when it is seen again. */
function checks(rounds: number): void {
  const random = seededRandom(2);
  const statements = Array.from({ length: 12 }, (_, at) => ({
    Effect: at === 11 ? "Deny" : "Allow",
    Action: [`s3:Get*`, `service${at}:*`, "bedrock:InvokeModel*"],
    Resource: at % 3 === 0 ? "*" : [`arn:aws:s3:::app-${at}/*`, `arn:aws:sqs:*:111122223333:app-${at}-*`],
  }));
  const policy = compilePolicies([read({ Version: "2012-10-17", Statement: statements })]);
  const context = (): undefined => undefined;
  const calls = Array.from({ length: 4_096 }, (): readonly [action: string, target: Target] => {
    const at = random.below(12);
    return [
      random.pick(["s3:GetObject", `service${at}:Do`, "bedrock:InvokeModel", "ec2:RunInstances"]),
      { resource: `arn:aws:s3:::app-${at}/file-${random.hex(6)}`, wildcardOnly: false, context },
    ];
  });
  printed(
    "statements alone",
    rounds,
    repeated(calls, rounds, ([action, target]) => verdictOf(policy, action, target) === "allowed"),
  );
  const conducts = calls.map(
    ([action, { resource }]): Conduct => ({
      api: action as Conduct["api"],
      partition: "aws",
      region: "us-east-1",
      account: "111122223333",
      checks: [{ action, resources: [resource] }],
      outcome: "done",
      origin: { kind: "address", address: "192.0.2.10" },
    }),
  );
  const at = instant(Date.UTC(2026, 10, 20));
  const fresh = Array.from({ length: rounds + 3 }, () => {
    const envelope = compileEnvelope(declared(statements), [], iam);
    const spent = timed(() => {
      for (const one of conducts) envelope.judge(one, at);
    });
    return (spent * 1_000) / conducts.length;
  }).slice(3);
  console.log(`envelope check of a conduct that is new: ${median(fresh).toFixed(3)} us, compiling among it`);
  const envelope = compileEnvelope(declared(statements), [], iam);
  printed(
    "envelope check",
    rounds,
    repeated(conducts, rounds, (one) => envelope.judge(one, at).kind === "inside"),
  );
}

const iam: IamTables = {
  table,
  authorise: authorisation(rows, table),
  paths,
  modelProfiles: rows.profiles.prefixes,
};

const declared = (statements: readonly JsonObject[]): Workload => ({
  name: "bot",
  owner: "team-bot",
  protected: false,
  status: "active",
  roles: [],
  selectors: [],
  envelope: { statements, regions: ["us-east-1"], origin: { cidrs: ["192.0.2.0/24"] }, models: ["anthropic.claude-*"] },
  response: { contain: "approval" },
  where: "bench",
});

interface Repeated {
  /** Microseconds a check, one value a round. */
  readonly each: readonly number[];
  readonly share: number;
}

/** Asks about everything 100 times a round; three rounds warm up. */
function repeated<One>(all: readonly One[], rounds: number, allows: (one: One) => boolean): Repeated {
  let allowed = 0;
  const each = Array.from({ length: rounds + 3 }, () => {
    const spent = timed(() => {
      for (let pass = 0; pass < 100; pass++) for (const one of all) if (allows(one)) allowed++;
    });
    return (spent * 1_000) / (100 * all.length);
  }).slice(3);
  return { each, share: allowed / ((rounds + 3) * 100 * all.length) };
}

const printed = (what: string, rounds: number, { each, share }: Repeated): void =>
  console.log(
    `${what}: ${median(each).toFixed(3)} us in the median of ${rounds} rounds, ${Math.max(...each).toFixed(3)} in the slowest ` +
      `(${(100 * share).toFixed(0)} % allowed)`,
  );
