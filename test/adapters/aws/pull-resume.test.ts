import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lookupReader } from "../../../adapters/aws/cloudtrail-lookup.ts";
import { type OpenFolder, openFolder } from "../../../adapters/aws/pulled-folder.ts";
import { listTrail, trailReader } from "../../../adapters/aws/trail-bucket.ts";
import type { PulledFolder } from "../../../core/flow/pull-folder.ts";
import { pullLookups } from "../../../core/flow/pull-lookup.ts";
import { pullObjects } from "../../../core/flow/pull-objects.ts";
import { lookupWindows } from "../../../core/flow/pull-plan.ts";
import { parsePlace } from "../../../core/flow/trail-layout.ts";
import { account, at, fakeBucket, fakeHistory, type Happened, logFile, logKey, virtualTime } from "./fake-aws.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cordon-pull-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const crash = new Error("the machine went down");
const quiet = { progress: { advance: () => {} }, stopping: () => false };

/** The folder until its n-th step, before or after which the machine goes down: the step is done or not done. */
function crashing(folder: OpenFolder, step: number, when: "before" | "after"): PulledFolder {
  let steps = 0;
  const wrap =
    <Args extends readonly unknown[], Answer>(work: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      steps += 1;
      if (steps > step || (steps === step && when === "before")) throw crash;
      const answer = await work(...args);
      if (steps === step) throw crash;
      return answer;
    };
  return {
    ...folder,
    remember: wrap(folder.remember),
    write: wrap(folder.write),
    extend: wrap(folder.extend),
    finish: wrap(folder.finish),
  };
}

const files = (): readonly string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, encoding: "utf8" }) : [])
    .filter((name) => !name.startsWith(".cordon-pull") && statSync(join(root, name)).isFile())
    .sort();
const idsPulled = (): readonly string[] =>
  files().flatMap((name) =>
    gunzipSync(readFileSync(join(root, name)))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => String(JSON.parse(line).eventID)),
  );

describe("a look-up that is cut off", () => {
  const now = at("2026-11-20T04:30:00Z");
  const windows = lookupWindows(["eu-west-1"], at("2026-11-20T01:10:00Z"), now);
  const events: readonly Happened[] = Array.from({ length: 17 }, (_, n) => ({
    id: `id-${String(n).padStart(2, "0")}`,
    time: at(`2026-11-20T0${1 + (n % 4 === 2 ? 0 : n % 4)}:${String(10 + n).padStart(2, "0")}:00Z`),
  }));
  const ids = events.map(({ id }) => id);

  const look = async (folder: PulledFolder, fake = fakeHistory(events), hours = windows) => {
    const time = virtualTime(now);
    const reader = lookupReader(async () => fake.client, time.clock, time.sleep);
    const pack = (lines: readonly string[]) =>
      lines.length === 0 ? new Uint8Array() : gzipSync(lines.map((line) => `${line}\n`).join(""));
    const pulled = await pullLookups({ account, windows: hours, reader, folder, pack, ...quiet });
    return { pulled, requests: fake.sent.length };
  };

  test("goes on at any step without a gap or a second copy, for at most one request more in settled hours", async () => {
    const whole = await openFolder(root);
    const { pulled, requests } = await look(whole);
    await whole.close();
    expect(pulled).toMatchObject({ records: 17, open: 1, already: 0, stopped: false });
    expect([...idsPulled()].sort()).toEqual(ids);
    let crashes = 0;
    for (const when of ["before", "after"] as const)
      for (let step = 1; ; step += 1) {
        rmSync(root, { recursive: true, force: true });
        const first = await openFolder(root);
        const fake = fakeHistory(events);
        const ended = await look(crashing(first, step, when), fake).then(
          () => "finished",
          (cause: unknown) => cause,
        );
        await first.close();
        if (ended === "finished") break;
        expect(ended).toBe(crash);
        crashes += 1;
        const second = await openFolder(root);
        const again = await look(second);
        await second.close();
        expect([...idsPulled()].sort()).toEqual(ids);
        const open = Math.ceil(events.filter(({ time }) => time >= at("2026-11-20T04:00:00Z")).length / 3);
        expect(fake.sent.length + again.requests).toBeLessThanOrEqual(requests + 1 + open);
      }
    expect(crashes).toBeGreaterThan(20);
  });

  test("asks nothing again for settled hours, and everything for the hour that may still grow", async () => {
    const folder = await openFolder(root);
    await look(folder);
    const late = { id: "id-99", time: at("2026-11-20T04:29:00Z") };
    const fake = fakeHistory([...events, late]);
    const { pulled } = await look(folder, fake);
    await folder.close();
    expect(pulled).toMatchObject({ already: 3, open: 1 });
    expect(new Set(fake.sent.map(({ input }) => String(input["StartTime"])))).toEqual(
      new Set([String(new Date("2026-11-20T04:00:00Z"))]),
    );
    expect([...idsPulled()].sort()).toEqual([...ids, "id-99"]);
  });

  test("in an hour that still grew, misses nothing that came later", async () => {
    const early = Array.from({ length: 5 }, (_, n) => ({ id: `early-${n}`, time: at(`2026-11-20T04:1${n}:00Z`) }));
    const folder = await openFolder(root);
    const hourAt = (then: string) => lookupWindows(["eu-west-1"], at("2026-11-20T04:00:00Z"), at(then)).slice(0, 1);
    await look(crashing(folder, 2, "after"), fakeHistory(early), hourAt("2026-11-20T05:05:00Z")).catch(() => {});
    const late = Array.from({ length: 4 }, (_, n) => ({ id: `late-${n}`, time: at(`2026-11-20T04:5${n}:00Z`) }));
    await look(folder, fakeHistory([...late, ...early]), hourAt("2026-11-21T00:00:00Z"));
    await folder.close();
    expect([...idsPulled()].sort()).toEqual([...early, ...late].map(({ id }) => id));
  });

  test("begins an hour again when its file was deleted or its token is not accepted any more", async () => {
    const folder = await openFolder(root);
    await look(folder);
    const [first = ""] = files();
    rmSync(join(root, first));
    await folder.remember({
      ...(await folder.remembered()),
      unfinished: { path: first, token: "stale", bytes: 0, records: 0 },
    });
    const { pulled } = await look(folder);
    await folder.close();
    expect(pulled.already).toBe(2);
    expect([...idsPulled()].sort()).toEqual(ids);
  });

  test("begins an hour again when the partial file was cut", async () => {
    const folder = await openFolder(root);
    await look(crashing(folder, 2, "after")).catch(() => {});
    const [part = ""] = readdirSync(join(root, ".cordon-pull")).filter((name) => name.endsWith(".part"));
    rmSync(join(root, ".cordon-pull", part));
    await look(folder);
    await folder.close();
    expect([...idsPulled()].sort()).toEqual(ids);
  });

  test("of an hour without records leaves no file and asks once", async () => {
    const folder = await openFolder(root);
    const none = fakeHistory([]);
    expect((await look(folder, none)).pulled.records).toBe(0);
    expect(files()).toEqual([]);
    const again = fakeHistory([]);
    await look(folder, again);
    await folder.close();
    expect([none.sent.length, again.sent.length]).toEqual([4, 1]);
  });

  test("gives up on a token that is refused again and again", async () => {
    const folder = await openFolder(root);
    const pulling = pullLookups({
      ...{ account, windows, folder, ...quiet },
      reader: { page: async () => ({ kind: "token-refused" }) },
      pack: () => new Uint8Array(),
    });
    await expect(pulling).rejects.toMatchObject({ code: "unreachable" });
    await folder.close();
  });
});

describe("a download that is cut off", () => {
  const keys = Array.from({ length: 9 }, (_, n) => logKey("2026/11/20", "0210", `Aa0000000000000${n}`));
  const objects = new Map(keys.map((key, n) => [key, logFile(`id-${n}`)]));

  const download = async (folder: PulledFolder, fake = fakeBucket(objects), lanes = 1) => {
    const parsed = parsePlace("s3://acme-trail");
    if (!parsed.ok) throw new Error(parsed.because);
    const bucket = { client: fake.client, place: parsed.place, partition: "aws", sleep: async () => {} };
    const since = at("2026-11-20T01:00:00Z");
    const listing = await listTrail(bucket, { days: ["2026/11/20"], since, accounts: [], regions: [] });
    return pullObjects({ objects: listing.objects, reader: trailReader(bucket), folder, lanes, ...quiet });
  };
  const whole = () =>
    files().every((name) => readFileSync(join(root, name)).equals(objects.get(name) ?? Buffer.alloc(0)));

  test("fetches what is missing and nothing twice, whatever step it was cut off at", async () => {
    for (const when of ["before", "after"] as const)
      for (let step = 1; step <= keys.length; step += 1) {
        rmSync(root, { recursive: true, force: true });
        const first = await openFolder(root);
        await expect(download(crashing(first, step, when))).rejects.toBe(crash);
        await first.close();
        const here = files();
        expect(here).toHaveLength(when === "before" ? step - 1 : step);
        const fake = fakeBucket(objects);
        const second = await openFolder(root);
        const pulled = await download(second, fake);
        await second.close();
        expect(pulled).toMatchObject({ fetched: keys.length - here.length, already: here.length, missed: [] });
        expect([...fake.gets(), ...here].sort()).toEqual(keys);
        expect(files()).toEqual(keys);
        expect(whole()).toBe(true);
      }
  });

  test("fetches again what has another size or another ETag than the bucket says", async () => {
    const folder = await openFolder(root);
    await download(folder);
    const [one = "", two = ""] = keys;
    const changed = new Map(objects).set(one, logFile("id-changed"));
    const same = objects.get(two) ?? Buffer.alloc(0);
    const flipped = Uint8Array.from(same, (byte, n) => (n === 12 ? byte ^ 1 : byte));
    changed.set(two, flipped);
    const fake = fakeBucket(changed);
    await download(folder, fake);
    await folder.close();
    expect([...fake.gets()].sort()).toEqual([one, two]);
    expect(readFileSync(join(root, two)).equals(flipped)).toBe(true);
  });

  test("names an object that is gone by now, and fetches the others", async () => {
    const folder = await openFolder(root);
    const gone = new Map(objects);
    const fake = fakeBucket(gone, ({ name }) => {
      if (name === "GetObjectCommand") gone.delete(keys[4] ?? "");
    });
    const pulled = await download(folder, fake, 8);
    await folder.close();
    expect(pulled.missed.map(({ path }) => path)).toEqual([keys[4]]);
    expect(pulled.fetched).toBe(8);
  });

  test("tries a body that breaks off again, and never shows half a file", async () => {
    const folder = await openFolder(root);
    const [key = ""] = keys;
    const object = { key, path: key, account, region: "eu-west-1", size: 20, etag: "" };
    let reads = 0;
    const reader = {
      read: async () => {
        reads += 1;
        return (async function* () {
          yield new Uint8Array(reads < 3 ? 7 : 20);
        })();
      },
    };
    const pulled = await pullObjects({ objects: [object], reader, folder, lanes: 1, ...quiet });
    expect([pulled.fetched, reads]).toEqual([1, 3]);
    reads = -9;
    const other = { ...object, path: `${key}x`, size: 30 };
    await expect(pullObjects({ objects: [other], reader, folder, lanes: 1, ...quiet })).rejects.toMatchObject({
      code: "unreachable",
    });
    await folder.close();
    expect(files()).toEqual([key]);
  });

  test("refuses a body that is longer than was listed", async () => {
    const folder = await openFolder(root);
    const [key = ""] = keys;
    const object = { key, path: key, account, region: "eu-west-1", size: 3, etag: "" };
    const reader = {
      read: async () =>
        (async function* () {
          for (;;) yield new Uint8Array(1000);
        })(),
    };
    const pulled = await pullObjects({ objects: [object], reader, folder, lanes: 1, ...quiet });
    await folder.close();
    expect(pulled.missed[0]?.because).toContain("longer than the 3 bytes");
    expect(files()).toEqual([]);
  });
});
