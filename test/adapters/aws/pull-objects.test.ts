import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFolder } from "../../../adapters/aws/pulled-folder.ts";
import { listTrail, trailReader } from "../../../adapters/aws/trail-bucket.ts";
import type { PulledFolder } from "../../../core/flow/pull/pull-folder.ts";
import { pullObjects } from "../../../core/flow/pull/pull-objects.ts";
import { parsePlace } from "../../../core/flow/pull/trail-layout.ts";
import { crash, crashing, filesIn, quiet } from "./crashing-folder.ts";
import { account, at, fakeBucket, logFile, logKey } from "./fake-aws.ts";

let root = "";
const files = () => filesIn(root);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cordon-pull-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

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
