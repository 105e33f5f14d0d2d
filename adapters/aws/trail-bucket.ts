import type {
  GetObjectCommand,
  GetObjectCommandOutput,
  ListObjectsV2Command,
  ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import type { Instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import type { TrailReader } from "../../core/flow/pull/pull-objects.ts";
import { deliveredSince } from "../../core/flow/pull/pull-plan.ts";
import {
  isAccount,
  isOrganization,
  isRegion,
  type TrailObject,
  type TrailPlace,
  trailObject,
} from "../../core/flow/pull/trail-layout.ts";
import type { Partition } from "../../core/iam/identifiers.ts";
import { retrying, type Sleep } from "./retry.ts";
import { calls } from "./trail-bucket.calls.ts";

/** The part of an S3 client that is used here. */
export interface TrailClient {
  send(command: ListObjectsV2Command): Promise<ListObjectsV2CommandOutput>;
  send(command: GetObjectCommand): Promise<GetObjectCommandOutput>;
}

/** A trail's bucket, and whose name its ARNs carry. */
export interface TrailBucket {
  readonly client: TrailClient;
  readonly place: TrailPlace;
  readonly partition: Partition;
  readonly sleep: Sleep;
}

/** What of the trail is wanted; an empty list of accounts or Regions means all of them. */
export interface Wanted {
  readonly days: readonly string[];
  readonly since: Instant;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

export interface Listing {
  readonly objects: readonly TrailObject[];
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly bytes: number;
  readonly requests: number;
  /** Keys in the folders of those days that are not CloudTrail's; they never become paths. */
  readonly refused: readonly string[];
}

const lanes = 8;
const [list, get] = calls;

/** Finds the trail's accounts and Regions by their folders, then lists only the folders of the days in question. */
export async function listTrail(bucket: TrailBucket, wanted: Wanted): Promise<Listing> {
  const lister = listerOf(bucket);
  const accounts = await accountFolders(lister, bucket.place, wanted.accounts);
  const regions = (await inLanes(accounts, (one) => regionFolders(lister, bucket.place, one, wanted.regions))).flat();
  const days = regions.flatMap(({ folder }) => wanted.days.map((day) => `${folder}${day}/`));
  const found = (await inLanes(days, (folder) => lister.objects(folder))).flat();
  const objects: TrailObject[] = [];
  const refused: string[] = [];
  for (const one of found) {
    const { Key: key = "", Size: size = 0, ETag: etag = "" } = one;
    const object = trailObject(key, size, etag, bucket.place.prefix);
    // Consoles make empty objects that end in a slash to show a folder.
    if (object === undefined && !(key.endsWith("/") && size === 0)) refused.push(key);
    if (object !== undefined && deliveredSince(object.path, wanted.since)) objects.push(object);
  }
  return {
    objects,
    accounts: [...new Set(accounts.map(({ account }) => account))],
    regions: [...new Set(regions.map(({ region }) => region))],
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    requests: lister.requests(),
    refused,
  };
}

/** Reads objects of the bucket, and only the version that was listed. */
export function trailReader(bucket: TrailBucket): TrailReader {
  const calling = { call: get, names: namesOf(bucket) };
  return {
    async read(object) {
      const { GetObjectCommand } = await import("@aws-sdk/client-s3");
      const asked = {
        Bucket: bucket.place.bucket,
        Key: object.key,
        ...(object.etag === "" ? {} : { IfMatch: object.etag }),
      };
      const { Body: body } = await retrying(
        () => bucket.client.send(new GetObjectCommand(asked)),
        calling,
        bucket.sleep,
      );
      if (isChunks(body)) return named(body, object.key);
      throw new Fault("unreachable", `s3:GetObject answered ${object.key} without a body; run the same command again`);
    },
  };
}

interface Lister {
  folders(prefix: string): Promise<readonly string[]>;
  objects(prefix: string): Promise<NonNullable<ListObjectsV2CommandOutput["Contents"]>>;
  requests(): number;
}

function listerOf(bucket: TrailBucket): Lister {
  const calling = { call: list, names: namesOf(bucket) };
  let requests = 0;
  const pages = async function* (prefix: string, delimiter: { readonly Delimiter?: string }) {
    const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    let token: string | undefined;
    do {
      const asked = { Bucket: bucket.place.bucket, Prefix: prefix, ...delimiter };
      const command = new ListObjectsV2Command(token === undefined ? asked : { ...asked, ContinuationToken: token });
      const page = await retrying(() => bucket.client.send(command), calling, bucket.sleep);
      requests += 1;
      yield page;
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  };
  return {
    async folders(prefix) {
      const names: string[] = [];
      for await (const { CommonPrefixes: found = [] } of pages(prefix, { Delimiter: "/" }))
        for (const { Prefix: one = "" } of found) names.push(one.slice(prefix.length).replace(/\/$/, ""));
      return names;
    },
    async objects(prefix) {
      const objects: NonNullable<ListObjectsV2CommandOutput["Contents"]> = [];
      for await (const { Contents: found = [] } of pages(prefix, {})) objects.push(...found);
      return objects;
    },
    requests: () => requests,
  };
}

interface AccountFolder {
  readonly account: string;
  readonly folder: string;
}

/** `AWSLogs/<account>/` and, for organisation trails, `AWSLogs/<organisation>/<account>/`. */
async function accountFolders(
  lister: Lister,
  place: TrailPlace,
  wanted: readonly string[],
): Promise<readonly AccountFolder[]> {
  const top = `${place.prefix}AWSLogs/${place.organization === undefined ? "" : `${place.organization}/`}`;
  const asked = (account: string): boolean => isAccount(account) && (wanted.length === 0 || wanted.includes(account));
  if (place.account !== undefined)
    return asked(place.account) ? [{ account: place.account, folder: `${top}${place.account}/` }] : [];
  const names = await lister.folders(top);
  const below = await inLanes(names.filter(isOrganization), async (organization) =>
    (await lister.folders(`${top}${organization}/`)).map((account) => ({
      account,
      folder: `${top}${organization}/${account}/`,
    })),
  );
  return [...names.map((account) => ({ account, folder: `${top}${account}/` })), ...below.flat()].filter(
    ({ account }) => asked(account),
  );
}

async function regionFolders(lister: Lister, place: TrailPlace, { folder }: AccountFolder, wanted: readonly string[]) {
  const trail = `${folder}CloudTrail/`;
  const names = place.region === undefined ? await lister.folders(trail) : [place.region];
  return names
    .filter((region) => isRegion(region) && (wanted.length === 0 || wanted.includes(region)))
    .map((region) => ({ region, folder: `${trail}${region}/` }));
}

const namesOf = ({ place, partition }: TrailBucket) => ({ partition, bucket: place.bucket, prefix: place.prefix });

const isChunks = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === "object" && body !== null && Symbol.asyncIterator in body;

/** A connection may break in the middle of a body, with whatever error the socket has. */
async function* named(body: AsyncIterable<Uint8Array>, key: string): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new Fault("unreachable", `s3:GetObject broke off within ${key}; run the same command again`, { cause });
  }
}

/** Applies `work` to all, at most eight at a time, keeping the order of the answers. */
async function inLanes<Item, Answer>(items: readonly Item[], work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) answers[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return answers;
}
