import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseInstant } from "../../../../core/event/instant.ts";
import { lookupPath, parsePlace, trailObject } from "../../../../core/flow/pull/trail-layout.ts";

const folder = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20/";
const name = "111122223333_CloudTrail_eu-west-1_20261120T0210Z_Mu0KsOhtH1ar15ZZ.json.gz";

describe("an S3 URL", () => {
  test.each([
    ["s3://acme-trail", { prefix: "" }],
    ["s3://acme-trail/", { prefix: "" }],
    ["s3://acme-trail/security/logs/", { prefix: "security/logs/" }],
    ["s3://acme-trail/AWSLogs/", { prefix: "" }],
    ["s3://acme-trail/p/AWSLogs/o-exampleorgid/", { prefix: "p/", organization: "o-exampleorgid" }],
    [
      "s3://acme-trail/AWSLogs/o-exampleorgid/111122223333",
      { organization: "o-exampleorgid", account: "111122223333" },
    ],
    [
      "s3://acme-trail/AWSLogs/111122223333/CloudTrail/us-gov-west-1/",
      { account: "111122223333", region: "us-gov-west-1" },
    ],
  ])("reads %s", (url, place) => {
    expect(parsePlace(url)).toMatchObject({ ok: true, place: { bucket: "acme-trail", ...place } });
  });

  test.each([
    ["acme-trail", "not an S3 URL"],
    ["https://acme-trail.example", "not an S3 URL"],
    ["s3://", "cannot be the name of a bucket"],
    ["s3://Acme_Trail/x", "cannot be the name of a bucket"],
    ["s3://acme-trail/../x", "characters or parts"],
    ["s3://acme-trail/$(id)", "characters or parts"],
    ["s3://acme-trail/AWSLogs/111122223333/Config", "something else there"],
    ["s3://acme-trail/AWSLogs/1111", "something else there"],
    ["s3://acme-trail/AWSLogs/111122223333/CloudTrail/eu-west-1/2026", "--since"],
  ])("refuses %s and says why", (url, because) => {
    expect(parsePlace(url)).toMatchObject({ ok: false, because: expect.stringContaining(because) });
  });
});

describe("a key of the bucket", () => {
  test("in CloudTrail's layout becomes the same path, without the trail's prefix", () => {
    expect(trailObject(`p/${folder}${name}`, 7, '"e"', "p/")).toEqual({
      key: `p/${folder}${name}`,
      path: `${folder}${name}`,
      account: "111122223333",
      region: "eu-west-1",
      size: 7,
      etag: '"e"',
    });
    const below = `${folder.replace("AWSLogs/", "AWSLogs/o-exampleorgid/")}${name}`;
    expect(trailObject(below, 7, "", "")?.path).toBe(below);
  });

  test.each([
    `/${folder}${name}`,
    `${folder}../${name}`,
    `${folder}/${name}`,
    `${folder}x/${name}`,
    `${folder}..`,
    `${folder}`,
    `${folder}${name}/`,
    `${folder}${name}\n`,
    `${folder}\u0000${name}`,
    `${folder}C:\\${name}`,
    `${folder}${name.replace(".json.gz", ".exe")}`,
    `${folder}111122223333_CloudTrail_..json.gz`,
    `${folder.replace("2026/11/20", "2026/13/20")}${name}`,
    `${folder.replace("eu-west-1", "..")}${name}`,
    `${folder.replace("CloudTrail", "CloudTrail-Digest")}${name}`,
    `${folder.replace("AWSLogs", "awslogs")}${name}`,
    `AWSLogs/o-exampleorgid/o-exampleorgid/111122223333/CloudTrail/eu-west-1/2026/11/20/${name}`,
    `${folder}111122223333_CloudTrail_${"x".repeat(300)}.json.gz`,
  ])("outside of it is refused: %j", (key) => {
    expect(trailObject(key, 7, "", "")).toBeUndefined();
  });

  test("never becomes a path that leaves the folder, whatever it is made of", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "AWSLogs",
        "111122223333",
        "CloudTrail",
        "eu-west-1",
        "2026",
        "11",
        "20",
        name,
        "o-exampleorgid",
        "\\",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const path = trailObject(["AWSLogs", ...parts].join("/"), 1, "", "")?.path;
        if (path === undefined) return;
        expect(posix.normalize(path)).toBe(path);
        expect(path.startsWith("AWSLogs/")).toBe(true);
      }),
    );
  });

  test("of an impossible size is refused", () => {
    expect(trailObject(`${folder}${name}`, -1, "", "")).toBeUndefined();
    expect(trailObject(`${folder}${name}`, Number.NaN, "", "")).toBeUndefined();
  });
});

test("a look-up has a place of its own in the same layout", () => {
  const from = parseInstant("2026-11-20T02:00:00Z");
  expect(from === undefined ? "" : lookupPath("111122223333", "eu-west-1", from)).toBe(
    "AWSLogs/111122223333/CloudTrail-Lookup/eu-west-1/2026/11/20/111122223333_lookup_eu-west-1_20261120T0200Z.json.gz",
  );
});
