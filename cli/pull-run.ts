import { gzipSync } from "node:zlib";
import { lookupReader } from "../adapters/aws/cloudtrail-lookup.ts";
import type { PullClients } from "../adapters/aws/pull-clients.ts";
import { type Listing, listTrail, type TrailBucket, trailReader } from "../adapters/aws/trail-bucket.ts";
import type { Instant } from "../core/event/instant.ts";
import type { PulledFolder } from "../core/flow/pull/pull-folder.ts";
import { pullLookups, windowsMissing } from "../core/flow/pull/pull-lookup.ts";
import { missingFrom, pullObjects } from "../core/flow/pull/pull-objects.ts";
import { daysFrom, lookupWindows } from "../core/flow/pull/pull-plan.ts";
import type { TrailPlace } from "../core/flow/pull/trail-layout.ts";
import type { AccountId, Partition } from "../core/iam/identifiers.ts";
import { foundLines, lookupLines, many } from "./pull-announce.ts";
import type { PullWorld } from "./pull-world.ts";
import { exit, visible } from "./terminal.ts";

/** A pull whose caller is known and whose folder is open. */
export interface ReadyPull {
  readonly world: PullWorld;
  readonly clients: PullClients;
  readonly folder: PulledFolder;
  /** The folder as the person wrote it. */
  readonly into: string;
  readonly since: Instant;
  readonly now: Instant;
  readonly account: AccountId;
  readonly partition: Partition;
  readonly yes: boolean;
}

/** Downloads at the same time; more would only fill a laptop's line. */
const lanes = 8;

/** Lists the trail's folders of the days in question, announces, asks, and fetches what the folder lacks. */
export async function pullBucket(
  ready: ReadyPull,
  place: TrailPlace,
  only: { readonly accounts: readonly string[]; readonly regions: readonly string[] },
): Promise<number> {
  const { world, folder } = ready;
  const bucket: TrailBucket = {
    client: await ready.clients.bucket(),
    place,
    partition: ready.partition,
    sleep: world.sleep,
  };
  const days = daysFrom(ready.since, ready.now);
  const listing = await listTrail(bucket, { days, since: ready.since, ...only });
  const missing = await missingFrom(folder, listing.objects);
  for (const line of foundLines(listing, missing, days)) world.terminal.err(line);
  tellRefused(world, listing);
  if (listing.regions.length === 0) return noTrail(world, place);
  if (missing.length === 0) return finished(ready, "nothing to fetch: every object of that time is here", 0);
  const agreed = await agree(ready, `Fetch ${many(missing.length, "object")} into ${ready.into}?`);
  if (agreed !== undefined) return agreed;

  const bar = await world.bar(missing.reduce((bytes, { size }) => bytes + size, 0));
  const reader = trailReader(bucket);
  const pulled = await pullObjects({
    objects: listing.objects,
    reader,
    folder,
    progress: bar,
    stopping: world.stopping,
    lanes,
  }).finally(() => bar.end());
  for (const { path, because } of pulled.missed.slice(0, 10)) world.terminal.err(visible(`missed ${path}: ${because}`));
  if (pulled.stopped) return stopped(world, `${many(pulled.fetched, "object")} fetched`);
  const missed = pulled.missed.length === 0 ? "" : `, ${pulled.missed.length} missed (run again)`;
  return finished(
    ready,
    `${many(pulled.fetched, "object")} fetched, ${pulled.already} here before${missed}`,
    pulled.missed.length,
  );
}

/** Announces the hours of history, asks, and fetches those that the folder lacks. */
export async function pullHistory(ready: ReadyPull, regions: readonly string[]): Promise<number> {
  const { world, folder, account } = ready;
  const windows = lookupWindows(regions, ready.since, ready.now);
  const missing = await windowsMissing(folder, account, windows);
  const already = windows.length - missing.length;
  const announced = { windows: windows.length, already, regions, since: ready.since, now: ready.now };
  for (const line of lookupLines(announced)) world.terminal.err(line);
  const agreed = await agree(ready, `Fetch ${many(missing.length, "hour")} of history into ${ready.into}?`);
  if (agreed !== undefined) return agreed;

  const bar = await world.bar(missing.reduce((seconds, { from, to }) => seconds + (to - from) / 1000, 0));
  const pulled = await pullLookups({
    account,
    windows,
    reader: lookupReader((region) => ready.clients.lookup(region), world.clock, world.sleep),
    folder,
    progress: bar,
    stopping: world.stopping,
    // Gzip members one after another are one gzip file (RFC 1952, 2.2).
    pack: (lines) => (lines.length === 0 ? new Uint8Array() : gzipSync(lines.map((line) => `${line}\n`).join(""))),
  }).finally(() => bar.end());
  const told = `${many(pulled.records, "record")} fetched with ${many(pulled.requests, "request")}, ${many(pulled.already, "hour")} here before`;
  if (pulled.stopped) return stopped(world, told);
  const open =
    pulled.open === 0 ? "" : `; ${many(pulled.open, "hour")} may still grow and will be read again next time`;
  return finished(ready, `${told}${open}`, 0);
}

/** Nothing when the person agrees; otherwise the exit code. */
async function agree({ world, yes }: ReadyPull, question: string): Promise<number | undefined> {
  if (yes) return undefined;
  const answer = await world.ask(`${question} y/N`);
  if (world.stopping()) return exit.interrupted;
  if (answer === undefined) {
    world.terminal.err("nothing was fetched: there is no terminal to ask on; check the lines above and add --yes");
    return exit.usage;
  }
  if (/^(?:y|yes)$/i.test(answer.trim())) return undefined;
  world.terminal.err("nothing was fetched");
  return exit.done;
}

function tellRefused(world: PullWorld, { refused }: Listing): void {
  if (refused.length === 0) return;
  world.terminal.err(
    `refused   ${many(refused.length, "key")} that CloudTrail does not write; they are not fetched, the first: ${visible((refused[0] ?? "").slice(0, 200))}`,
  );
}

function noTrail(world: PullWorld, place: TrailPlace): number {
  world.terminal.err(
    `no trail's files lie under s3://${place.bucket}/${place.prefix}AWSLogs/ (with these accounts and Regions); "aws cloudtrail describe-trails" prints S3BucketName and S3KeyPrefix`,
  );
  return exit.usage;
}

function stopped(world: PullWorld, told: string): number {
  world.terminal.err(`stopped: ${told}; run the same command again to go on`);
  return exit.interrupted;
}

async function finished({ world, into }: ReadyPull, told: string, missed: number): Promise<number> {
  await world.terminal.out(told);
  await world.terminal.out(`next: cordon replay ${visible(into)}`);
  return missed === 0 ? exit.done : exit.unread;
}
