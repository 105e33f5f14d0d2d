import { describe, expect, it } from "vitest";
import { readLogFile } from "../../../adapters/local/log-file.ts";
import { logFiles } from "../../../adapters/local/log-tree.ts";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { iamWriteWatches } from "../../../core/detect/facts/iam-writes.ts";
import { patternsOf } from "../../../core/detect/patterns.ts";
import { wakeIndex } from "../../../core/detect/run.ts";
import { windowDetectorsWith } from "../../../core/detect/windows/window-catalog.ts";
import { decode } from "../../../core/event/decode.ts";
import { isObject, type JsonObject } from "../../../core/event/json.ts";
import { matches } from "../../../core/event/pattern/matches.ts";
import { parsePattern } from "../../../core/event/pattern/parse.ts";
import { allWatches } from "../../../core/flow/purpose.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { issuingApis } from "../../../core/identity/lineage/issuance.ts";
import { project } from "../../cli/replay-stage.ts";
import { fixturesOf, registryWith } from "../../fixtures/read.ts";
import { tables } from "../../fixtures/tables.ts";
import { workload } from "../../fixtures/workloads.ts";

const detectors = detectorsWith(tables);
const index = wakeIndex(detectors);
const registry = registryWith([workload("any")]);
const deployed = patternsOf(allWatches([...detectors, ...windowDetectorsWith(tables)]), []).map((one) => {
  const parsed = parsePattern(one);
  if (!parsed.ok) throw new Error(`${parsed.because} at ${parsed.where}`);
  return parsed.pattern;
});

/** A record as EventBridge would deliver it; an envelope as it is. */
const asDelivered = (item: JsonObject): JsonObject =>
  typeof item["detail-type"] === "string"
    ? item
    : { "detail-type": deliveredAs(item), source: "aws.any", detail: item };

const deliveredAs = (item: JsonObject): string =>
  item["eventType"] === "AwsServiceEvent" ? "AWS Service Event via CloudTrail" : "AWS API Call via CloudTrail";

const matched = (item: JsonObject): boolean => deployed.some((pattern) => matches(pattern, asDelivered(item)));

/** What wakes a detector, issues a credential or writes IAM state. */
function woke(item: JsonObject): boolean {
  const decoded = decode(item);
  if (decoded.kind !== "event") return false;
  const { event } = decoded;
  const watched: readonly string[] = [
    ...issuingApis,
    ...(iamWriteWatches.kind === "calls" ? iamWriteWatches.apis : []),
  ];
  return index.awake(event, registry).length > 0 || (event.kind === "api-call" && watched.includes(event.api));
}

/** Every item of the bundled sample, read as replay reads it. */
async function sampleItems(): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  const into = tracer({ purposes: [], rows: "not-wanted" });
  const collecting = {
    ...into,
    sink: () => ({ item: (value: unknown) => void (isObject(value) && items.push(value)), broken: () => undefined }),
  };
  for (const file of logFiles([{ shown: "sample", path: `${project}/examples/sample` }]))
    if ("path" in file) await readLogFile(file, collecting, () => undefined);
  return items;
}

describe("the deployed patterns", () => {
  it("match every record of the sample that woke anything, and keep most of the others out", async () => {
    const items = await sampleItems();
    const awake = items.filter(woke);
    expect(items.length).toBeGreaterThan(3_000);
    expect(awake.length).toBeGreaterThan(10);
    expect(awake.filter((item) => !matched(item))).toEqual([]);
    const through = items.filter(matched).length;
    console.info(`patterns let ${through} of ${items.length} sample records through; ${awake.length} woke something`);
    expect(through).toBeLessThan(items.length / 5);
  });

  it("match every fixture that fires", () => {
    const records = detectors.flatMap(({ id }) => fixturesOf(id, "fires").map(({ record }) => record)).filter(isObject);
    expect(records.length).toBeGreaterThan(40);
    expect(records.filter((item) => !woke(item))).toEqual([]);
    expect(records.filter((item) => !matched(item))).toEqual([]);
  });
});
