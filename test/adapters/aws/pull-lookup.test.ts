import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lookupReader } from "../../../adapters/aws/cloudtrail-lookup.ts";
import { openFolder } from "../../../adapters/aws/pulled-folder.ts";
import type { PulledFolder } from "../../../core/flow/pull/pull-folder.ts";
import { pullLookups } from "../../../core/flow/pull/pull-lookup.ts";
import { lookupWindows } from "../../../core/flow/pull/pull-plan.ts";
import { crash, crashing, filesIn, idsIn, quiet } from "./crashing-folder.ts";
import { account, at, fakeHistory, type Happened, virtualTime } from "./fake-aws.ts";

let root = "";
const files = () => filesIn(root);
const idsPulled = () => idsIn(root);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cordon-pull-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

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
