import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { claimant, envelopeDecoders } from "../../../core/event/envelopes/catalog.ts";
import { fields, type Json, type JsonObject, text } from "../../../core/event/json.ts";
import { decoded, fixture, fixtureNames, withDetail } from "./envelope-fixtures.ts";

const root = join(import.meta.dirname, "../../..");
const samples = join(root, "../shared/data/open/eventbridge_samples.jsonl.gz");
const schemas = join(root, "../shared/data/open/eventbridge_schemas.jsonl.gz");

describe("envelopes that services send by themselves", () => {
  it.each(fixtureNames)("decodes %s to an event that carries its id, time and resources", (name) => {
    const envelope = fixture(name);
    expect(decoded(envelope)).toMatchObject({
      kind: "event",
      event: {
        id: `${text(envelope["source"])}:${text(envelope["id"])}`,
        at: Date.parse(text(envelope["time"])),
        region: "us-east-1",
      },
    });
  });

  it("has a fixture for every claim, and a claim for every fixture", () => {
    const seen = fixtureNames.map(fixture).map((one) => `${text(one["source"])} ${text(one["detail-type"])}`);
    const claimed = envelopeDecoders.flatMap(({ sources, detailTypes }) =>
      detailTypes.map((type) => ({ sources, begins: typeof type === "string" ? type : type.prefix })),
    );
    const untested = claimed.filter(
      ({ sources, begins }) => !seen.some((one) => sources.some((source) => one.startsWith(`${source} ${begins}`))),
    );
    expect(untested).toEqual([]);
  });

  it("leaves no detail-type of one source to two decoders", () => {
    const exact = envelopeDecoders.flatMap(({ sources, detailTypes }) =>
      sources.flatMap((source) => detailTypes.filter((type) => typeof type === "string").map((type) => source + type)),
    );
    expect(new Set(exact).size).toBe(exact.length);
  });

  it.each(fixtureNames.filter((name) => !name.startsWith("scheduled-event")))(
    "given %s without detail and resources, parks it and names what is missing",
    (name) => {
      const result = decoded({ ...fixture(name), detail: null, resources: "none" });
      expect(result.kind).toBe("parked");
      expect(result).toMatchObject({ because: expect.stringMatching(/^(detail\.\S|resources).* is missing from a "/) });
    },
  );

  it("given a detail-type that nobody claims, ignores it", () => {
    const envelope = { ...fixture("ec2-instance-running"), "detail-type": "EC2 AMI State Change" };
    expect(decoded(envelope).kind).toBe("ignored");
  });

  it("given a claimed detail-type from another source, ignores it", () => {
    const envelope = { ...fixture("guardduty-finding"), source: "com.example.tools" };
    expect(decoded(envelope).kind).toBe("ignored");
    expect(claimant("aws.ec2", "EC2 Capacity Reservation")).toBeUndefined();
  });

  it("masks the detail before anything reads it", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const launch = withDetail(fixture("ec2-instance-launch-successful"), { Cause: `a user with ${token} asked` });
    expect(decoded(launch)).toMatchObject({ event: { cause: "a user with [masked] asked" } });
    const training = JSON.stringify(decoded(fixture("sagemaker-training-job-state-change")));
    expect(training).not.toContain("example-not-a-token");
  });

  it("given detail of any other shape, decodes, parks or ignores it and never throws", () => {
    const shapes = [null, "", "text", 0, true, [], [[]], { findings: [null, 1, []] }, { findings: {} }];
    const hostile = JSON.parse('{"__proto__":{"state":"running"},"constructor":{"instance-id":"i-1"}}') as JsonObject;
    for (const name of fixtureNames)
      for (const detail of [...shapes, hostile, scrambled(fixture(name))])
        expect(["event", "parked"], name).toContain(decoded({ ...fixture(name), detail }).kind);
  });
});

/** The same detail with every value of another type than it should have. */
function scrambled(envelope: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(fields(envelope["detail"])).map((key, i) => [key, [[], 7, "", {}, null][i % 5]]),
  );
}

describe.skipIf(!there(samples))("the samples that AWS and others publish", () => {
  it("all are read, ignored or, where the sample lacks what AWS documents, parked", () => {
    const rows = lines(samples).map((row) => fields(row["event"]));
    const parked: string[] = [];
    const counts = { event: 0, parked: 0, ignored: 0 };
    for (const row of rows) {
      const result = decoded(row);
      counts[result.kind]++;
      if (result.kind === "parked") parked.push(`${text(row["source"])}: ${result.because}`);
    }
    console.log(`${rows.length} published samples: ${JSON.stringify(counts)}`, [...new Set(parked)]);
    expect(rows.length).toBe(444);
    // An empty detail (AWS's own first example of a launch, an empty finding), no instance id, an emptied list of findings.
    expect([...new Set(parked)].sort()).toEqual([
      'aws.autoscaling: detail.AutoScalingGroupName is missing from a "EC2 Instance Launch Successful" event',
      'aws.ec2: detail.instance-id is missing from a "EC2 Instance State-change Notification" event',
      'aws.guardduty: detail.type is missing from a "GuardDuty Finding" event',
      'aws.securityhub: detail.findings is missing from a "Security Hub Findings - Custom Action" event',
    ]);
  });
});

describe.skipIf(!there(schemas))("the schemas that AWS publishes", () => {
  it("for what we claim need no field that AWS does not require", () => {
    const known = lines(schemas).filter((row) => claimant(text(row["source"]), text(row["detail-type"])) !== undefined);
    const unread = known.filter((row) => {
      const types = fields(row["types"]);
      // Where AWS requires nothing, everything is filled in.
      const required = Object.values(fields(fields(types[text(row["root"])])["properties"])).some(isRequired);
      const detail = filled(text(row["root"]), types, required, 0);
      return decoded({ ...row, resources: ["arn:aws:x:us-east-1:111122223333:y"], detail }).kind !== "event";
    });
    console.log(`${known.length} of the published schemas are claimed`);
    expect(known.length).toBeGreaterThanOrEqual(40);
    // Their schema types a finding as any JSON; the Id comes from ASFF itself, which requires it.
    const asff = ["Security Hub Findings - Custom Action", "Security Hub Findings - Imported"];
    expect(unread.map((row) => row["detail-type"])).toEqual(asff);
  });
});

const isRequired = (property: Json | undefined): boolean => fields(property)["required"] === true;

/** The smallest value of a published type: required fields only, or all of them. */
function filled(type: Json | undefined, types: JsonObject, requiredOnly: boolean, depth: number): Json {
  if (Array.isArray(type)) return [filled(type[0], types, requiredOnly, depth)];
  if (typeof type !== "string" || type === "json") return {};
  if (type === "string") return "x";
  if (type === "number") return 1;
  if (type === "boolean") return true;
  const properties = depth > 8 ? {} : fields(fields(types[type])["properties"]);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, property]) => !requiredOnly || isRequired(property))
      .map(([key, property]) => [key, filled(fields(property)["type"], types, requiredOnly, depth + 1)]),
  );
}

function there(file: string): boolean {
  if (existsSync(file)) return true;
  console.log(`skipped: there is no ${file.slice(file.lastIndexOf("/") + 1)} beside this repository`);
  return false;
}

function lines(file: string): readonly JsonObject[] {
  return gunzipSync(readFileSync(file))
    .toString("utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => fields(JSON.parse(line)));
}
