import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generalise } from "../../../../core/flow/suggest/suggest-resource.ts";
import { parseArn } from "../../../../core/iam/arn.ts";
import { globOf, matchesGlob } from "../../../../core/iam/glob.ts";

const table = (name: string, account = "111122223333", region = "us-east-1"): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;
const patterns = (...resources: readonly string[]) => generalise(resources, "by-prefix").patterns;

describe("resources that share a beginning", () => {
  it("stay as they are when there are two", () =>
    expect(patterns(table("orders-eu"), table("orders-us"))).toEqual([table("orders-eu"), table("orders-us")]));

  it("stay as they are when two of three share it", () =>
    expect(patterns(table("orders-eu"), table("orders-us"), table("stock"))).toHaveLength(3));

  it("become one pattern from three on, with the longest beginning they share", () =>
    expect(patterns(table("orders-eu-1"), table("orders-eu-2"), table("orders-eu-3"))).toEqual([table("orders-eu-*")]));

  it("become one pattern with a digit behind a word, as shards are named", () =>
    expect(patterns(table("shard001"), table("shard002"), table("shard117"))).toEqual([table("shard*")]));

  it("are joined again one level up, where three patterns share a beginning", () => {
    const named = ["a", "b", "c"].flatMap((group) => ["1", "2", "3"].map((one) => table(`logs/${group}/${one}`)));
    expect(patterns(...named)).toEqual([table("logs/*")]);
  });

  it("stay apart when what they share is shorter than three characters", () =>
    expect(patterns(table("a-1"), table("a-2"), table("a-3"))).toHaveLength(3));

  it("are never joined across accounts or Regions", () => {
    const named = ["1", "2", "3"].flatMap((one) => [
      table(`orders-${one}`),
      table(`orders-${one}`, "444455556666"),
      table(`orders-${one}`, "111122223333", "eu-west-1"),
    ]);
    expect(patterns(...named)).toEqual([
      table("orders-*", "111122223333", "eu-west-1"),
      table("orders-*"),
      table("orders-*", "444455556666"),
    ]);
  });

  it("are listed where rights are handed out, up to twenty", () => {
    const roles = [1, 2, 3].map((one) => `arn:aws:iam::111122223333:role/app-${one}`);
    expect(generalise(roles, "listed").patterns).toEqual(roles);
  });
});

describe("buckets", () => {
  it("stay exact however alike their names are, for anybody may own the next one", () => {
    const buckets = ["training-data-1", "training-data-2", "training-data-3"].map((one) => `arn:aws:s3:::${one}`);
    expect(patterns(...buckets)).toEqual(buckets);
  });

  it("have objects that are joined within one bucket only", () => {
    const objects = ["a", "b", "c"].map((one) => `arn:aws:s3:::models/run-7/${one}.bin`);
    expect(patterns(...objects, "arn:aws:s3:::other/run-7/a.bin")).toEqual([
      "arn:aws:s3:::models/run-7/*",
      "arn:aws:s3:::other/run-7/a.bin",
    ]);
  });
});

describe("odd names", () => {
  it("are cut before what a policy reads otherwise", () =>
    expect(
      patterns("arn:aws:s3:::data/a b", `arn:aws:s3:::data2/${"$"}{aws:username}`, "arn:aws:s3:::data3/x*y"),
    ).toEqual(["arn:aws:s3:::data/a*", "arn:aws:s3:::data2/*", "arn:aws:s3:::data3/x*"]));

  it("are left out and counted where an account or a service would become a pattern", () =>
    expect(
      generalise(["arn:aws:s3:*:*:x/y", "arn:*:dynamodb:us-east-1:111122223333:table/x", "no arn"], "by-prefix"),
    ).toEqual({ patterns: [], odd: 3 }));

  it("of one kind become the whole kind when more than twenty share no beginning", () => {
    const names = Array.from({ length: 21 }, (_, one) => table(`${String.fromCharCode(97 + one)}${one * 7919}zz`));
    expect(patterns(...names)).toEqual([table("*")]);
  });

  it("of secrets are known with and without the six characters that AWS adds", () => {
    const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:bot/token";
    expect(patterns(`${secret}-AbCdEf`)).toEqual([secret, `${secret}-??????`]);
    expect(patterns(`${secret}-AbCdEf`, secret)).toEqual([secret, `${secret}-??????`]);
  });
});

const word = fc.stringMatching(/^[a-z]{1,4}\d{0,2}$/);
const name = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .chain((words) => fc.constantFrom("/", "-", ".", "_").map((mark) => words.join(mark)));
const resource = fc
  .tuple(
    fc.constantFrom(
      "arn:aws:s3:::",
      "arn:aws:dynamodb:us-east-1:111122223333:table/",
      "arn:aws:sqs:eu-west-1:444455556666:",
    ),
    fc.oneof(name, fc.string({ minLength: 1, maxLength: 20 })),
  )
  .map(([start, rest]) => start + rest);

it("covers every resource it was given and never another account, Region, service or bucket", () =>
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 40 }), (resources) => {
      const { patterns: made, odd } = generalise(resources, "by-prefix");
      const globs = made.map(globOf);
      const missed = new Set(resources.filter((one) => !globs.some((glob) => matchesGlob(glob, one))));
      expect(missed.size).toBeLessThanOrEqual(odd);
      for (const pattern of made) {
        const place = pattern.split(":").slice(0, 5).join(":");
        expect(place).not.toMatch(/[*?]/);
        expect(resources.some((one) => one.startsWith(place))).toBe(true);
        if (parseArn(pattern)?.service === "s3")
          expect(pattern.slice("arn:aws:s3:::".length).split("/")[0]).not.toMatch(/\*$/);
      }
    }),
    { numRuns: 500 },
  ));

it("gives the same answer in any order", () =>
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 30 }), (resources) => {
      expect(generalise(resources.toReversed(), "by-prefix").patterns).toEqual(
        generalise(resources, "by-prefix").patterns,
      );
    }),
    { numRuns: 300 },
  ));
