import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chain, eventId, oneOfEach, record, session, sessionKey } from "../../fixtures/records.ts";
import { logFolder, reading } from "./log-folder.ts";

const { write } = logFolder();

/** Files of every form, some broken, enough bytes for several batches. */
function mixed(): string {
  const files: Record<string, string | Uint8Array> = {
    "chain.json": JSON.stringify({ Records: chain() }),
    "each.ndjson": oneOfEach()
      .map((one) => JSON.stringify(one))
      .join("\n"),
    "broken.ndjson": `oops\n${JSON.stringify(record({ eventID: eventId(500) }))}`,
    "notes.txt": "hello",
    "empty.json": "",
    "cut.json.gz": gzipSync(JSON.stringify({ Records: chain() })).subarray(0, 200),
  };
  for (let file = 0; file < 24; file++)
    files[`2026/${file}.json.gz`] = gzipSync(
      JSON.stringify({
        Records: Array.from({ length: 300 }, (_, i) =>
          record({
            eventID: eventId(1_000 + file * 300 + i),
            userIdentity: session("bot", `s${i % 40}`, sessionKey(i % 40)),
          }),
        ),
      }),
      { level: 0 },
    );
  return write(files);
}

describe("reading on several threads", () => {
  it("gives the same set with one, two and three threads", async () => {
    const folder = mixed();
    const alone = await reading(folder, 1);
    expect(alone.ids.length).toBeGreaterThan(7_200);
    expect(alone.parked.length).toBeGreaterThanOrEqual(2);
    expect(alone.passedOver).toEqual(["in/notes.txt"]);
    expect(alone.files).toBe(30);
    expect(await reading(folder, 2)).toEqual(alone);
    expect(await reading(folder, 3)).toEqual(alone);
  });

  it("comes to an end when there is nothing to read", async () => {
    const folder = write({});
    for (const threads of [1, 2]) expect(await reading(folder, threads)).toMatchObject({ ids: [], files: 0 });
  });
});
