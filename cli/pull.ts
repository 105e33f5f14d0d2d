import { Command } from "commander";
import { readCaller } from "../adapters/aws/caller.ts";
import { openFolder } from "../adapters/aws/pulled-folder.ts";
import type { Instant } from "../core/event/instant.ts";
import { Fault } from "../core/fault.ts";
import { parseSince } from "../core/flow/pull/pull-plan.ts";
import { isAccount, isRegion, parsePlace } from "../core/flow/pull/trail-layout.ts";
import { partitionOf } from "../core/iam/partition.ts";
import { insteadLines, type PullFrom, rightsLines } from "./pull-announce.ts";
import { pullBucket, pullHistory, type ReadyPull } from "./pull-run.ts";
import { type PullWorld, pullWorld } from "./pull-world.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";

/** What was typed. */
export interface PullOptions {
  readonly since: string;
  readonly bucket?: string;
  readonly lookup?: true;
  readonly region?: readonly string[];
  readonly account?: readonly string[];
  readonly output: string;
  readonly yes?: true;
}

/** `cordon pull`, ready to be added to the program. */
export function pullCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    value,
  ];
  return new Command("pull")
    .description("fetch your own CloudTrail records, read-only, after saying rights, objects, size and time")
    .option("--since <time>", "how far back: 90m, 24h, 7d or an RFC 3339 time", "24h")
    .option("--bucket <url>", "a trail's bucket: s3://bucket[/prefix]")
    .option("--lookup", "CloudTrail's event history, without a bucket (90 days, management events only); the default")
    .option("--region <region>", "the Region to ask; with --bucket: only this Region's files (repeatable)", several)
    .option("--account <id>", "with --bucket: only this account's files (repeatable)", several)
    .option("-o, --output <dir>", "the folder to fill", "pulled")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      "\nExamples:\n  cordon pull --bucket s3://acme-trail --since 7d\n  cordon pull --lookup --region eu-west-1 -o pulled",
    )
    .action(async (options: PullOptions) => {
      const world = pullWorld(terminal);
      exitWith(await pull(options, world).finally(() => world.release()));
    });
}

interface Checked {
  readonly ok: true;
  readonly since: Instant;
  readonly now: Instant;
  readonly from: PullFrom;
}

/** Fetches the caller's own records and answers with the exit code; whatever stops it, running it again goes on. */
export async function pull(options: PullOptions, world: PullWorld): Promise<number> {
  const checked = check(options, world.clock.now());
  if (!checked.ok) return wrong(world, checked.because);
  try {
    return await pullChecked(options, checked, world);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    world.terminal.err(visible(`cordon pull: ${cause.message}`));
    return exitCodeOf(cause);
  }
}

async function pullChecked(options: PullOptions, checked: Checked, world: PullWorld): Promise<number> {
  const clients = await world.clients(options.region?.[0]);
  const regions = options.region ?? (clients.region === undefined ? [] : [clients.region]);
  const from: PullFrom = checked.from.kind === "lookup" ? { kind: "lookup", regions } : checked.from;
  const { region } = clients;
  if (region === undefined)
    return instead(options, { ...checked, from }, world, "no Region: give --region, or set AWS_REGION");
  for (const line of rightsLines(from, partitionOf("", region))) world.terminal.err(visible(line));
  const caller = await readCaller(await clients.caller(), world.sleep);
  if (caller.kind === "nobody")
    return instead(options, { ...checked, from }, world, `no credentials that AWS accepts (${caller.because})`);
  world.terminal.err(visible(`account   ${caller.account}, Region ${regions.join(", ")}, as ${caller.arn}`));
  const folder = await openFolder(pathFrom(options.output));
  const { since, now } = checked;
  const { account, partition } = caller;
  const ready: ReadyPull = {
    ...{ world, clients, folder, since, now, account, partition },
    into: options.output,
    yes: options.yes === true,
  };
  try {
    if (from.kind === "lookup") return await pullHistory(ready, from.regions);
    return await pullBucket(ready, from.place, { accounts: options.account ?? [], regions: options.region ?? [] });
  } finally {
    await folder.close();
  }
}

function check(options: PullOptions, now: Instant): Checked | { readonly ok: false; readonly because: string } {
  const since = parseSince(options.since, now);
  if (since === undefined)
    return no(`--since ${options.since} is not a time in the past; write 90m, 24h, 7d or 2026-11-20T00:00:00Z`);
  const region = options.region?.find((one) => !isRegion(one));
  if (region !== undefined) return no(`--region ${region} is not the name of a Region`);
  const account = options.account?.find((one) => !isAccount(one));
  if (account !== undefined) return no(`--account ${account} is not an account id of twelve digits`);
  if (options.bucket !== undefined && options.lookup) return no("--bucket and --lookup exclude each other; choose one");
  if (options.bucket === undefined) {
    if (options.account !== undefined) return no("--account needs --bucket; a look-up sees the caller's account only");
    return { ok: true, since, now, from: { kind: "lookup", regions: [] } };
  }
  const place = parsePlace(options.bucket);
  return place.ok
    ? { ok: true, since, now, from: { kind: "bucket", place: place.place } }
    : no(`--bucket: ${place.because}`);
}

/** Says why nothing is fetched here, and prints the line that fetches it elsewhere. */
async function instead(
  options: PullOptions,
  { since, now, from }: Checked,
  world: PullWorld,
  because: string,
): Promise<number> {
  world.terminal.err(visible(`cordon pull: ${because}; nothing was fetched`));
  const lines = insteadLines(from, since, now, options.output);
  if (lines.length > 0) world.terminal.err("where there are credentials, this fetches the same:");
  for (const line of lines) await world.terminal.out(visible(line));
  return exit.usage;
}

function exitCodeOf(fault: Fault): number {
  switch (fault.code) {
    case "denied":
    case "misconfigured":
    case "not-found":
      return exit.usage;
    case "full":
    case "conflict":
      return exit.store;
    case "throttled":
    case "unreachable":
      return exit.unread;
  }
}

function wrong(world: PullWorld, because: string): number {
  world.terminal.err(visible(`cordon pull: ${because}`));
  return exit.usage;
}

const no = (because: string) => ({ ok: false, because }) as const;
