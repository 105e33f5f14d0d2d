import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fields, list, text } from "../../../core/event/json.ts";
import { maxHops } from "../../../core/identity/lineage/chain.ts";
import {
  beginnings,
  type ChainShape,
  chainAccounts,
  chainRecords,
  type HopShape,
  lastKey,
  userKey,
} from "../../fixtures/chains.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { settled } from "./settling.ts";

const uuid = "0f1e2d3c-4b5a-4697-8877-665544332211";

/** Names that services give to their sessions; anybody who may assume a role may write any of them. */
const forgedName = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{17}$/).map((hex) => `i-${hex}`),
  fc.stringMatching(/^[0-9a-f]{8}$/).map((hex) => `i-${hex}`),
  fc.stringMatching(/^[a-z]{1,10}-[a-z]{1,12}$/).map((pod) => `eks-${pod}-${uuid}`),
  fc.constantFrom(
    `BedrockAgentCore-${uuid}`,
    `AWSCodeBuild-${uuid}`,
    "AWSCodeBuild",
    "GitHubActions",
    "GlueJobRunnerSession",
    "SageMaker",
    "botocore-session-1795000000",
    "AutoScaling",
    "awslambda_1_20260131120000000",
    "support-bot",
  ),
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.stringMatching(/^[a-z]{1,8}$/).map((who) => `${who}@example.com`),
  fc.constantFrom("system:serviceaccount:bots:support-bot", "repo:acme/support-bot:environment:prod"),
);

/** Roles that anybody may create, some of them under a name that looks like a service's. */
const roleName = fc.constantFrom(
  "a",
  "b",
  "eks-node",
  "codebuild-support-bot-service-role",
  "AmazonBedrockExecutionRoleForAgents_ABC",
  "AWSGlueServiceRole-jobs",
  "AWSReservedSSO_Admin_0123456789abcdef",
  "AWSServiceRoleForAutoScaling",
);

const hopShape: fc.Arbitrary<HopShape> = fc.record({
  account: fc.constantFrom(...chainAccounts),
  role: roleName,
  name: fc.oneof(fc.constant("s"), forgedName),
  copies: fc.constantFrom("both", "both", "caller", "owner"),
});

const chainShape: fc.Arbitrary<ChainShape> = fc.record(
  {
    beginning: fc.constantFrom(...beginnings),
    hops: fc.array(hopShape, { minLength: 1, maxLength: 5 }),
    loop: fc.nat(4),
    calls: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ["beginning", "hops", "calls"] },
);

/** How the records of a set arrive: in any order, some of them again, cut into batches over several threads. */
interface Arrival {
  readonly order: readonly RecordObject[];
  readonly threads: readonly (readonly (readonly RecordObject[])[])[];
}

const arriving = (records: readonly RecordObject[]): fc.Arbitrary<Arrival> =>
  fc
    .tuple(
      fc.shuffledSubarray([...records], { minLength: records.length }),
      fc.subarray([...records]),
      fc.array(fc.tuple(fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 40 }),
    )
    .chain(([order, again, cuts]) =>
      fc.shuffledSubarray([...order, ...again], { minLength: order.length + again.length }).map((all) => {
        const threads: RecordObject[][][] = Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => []));
        for (const [place, one] of all.entries()) {
          const [thread = 0, batch = 0] = cuts[place % cuts.length] ?? [];
          threads[thread]?.[batch]?.push(one);
        }
        return { order, threads };
      }),
    );

const setOf = (chains: readonly ChainShape[]): readonly RecordObject[] => chains.flatMap(chainRecords);

describe("a set of chains", () => {
  it("is attributed alike, byte for byte, whatever the order, the repetitions and the split", async () => {
    const sets = fc
      .array(chainShape, { minLength: 1, maxLength: 3 })
      .chain((chains) => fc.tuple(fc.constant(setOf(chains)), arriving(setOf(chains))));
    await fc.assert(
      fc.asyncProperty(sets, async ([records, { order, threads }]) => {
        const plain = await settled([[records]]);
        for (const other of [await settled([[order]]), await settled(threads)]) {
          expect(other.attributions).toEqual(plain.attributions);
          expect(other.lines).toEqual(plain.lines);
        }
        expect(plain.attributions.length).toBe(records.length);
      }),
      { numRuns: 150 },
    );
  });

  it("is followed to its far end, each call by the record that issued its key", async () => {
    await fc.assert(
      fc.asyncProperty(chainShape, async ({ loop: _, ...shape }) => {
        const whole = { ...shape, hops: shape.hops.map((hop) => ({ ...hop, copies: "both" as const })) };
        const hops = list(attributionOf(await linesOf(chainRecords(whole, 0)), lastKey(whole, 0))["hops"]).map(fields);
        expect(hops.length).toBe(whole.hops.length + 1);
        expect(hops.map((hop) => hop["accessKeyId"]).slice(0, -1)).toEqual(
          whole.hops.map((_, place) => lastKey({ ...whole, hops: whole.hops.slice(0, place + 1) }, 0)).toReversed(),
        );
        const far = hops.at(-1) ?? {};
        expect([far["eventID"], far["end"]]).toEqual([null, ends[whole.beginning]]);
        if (whole.beginning === "user") expect(far["accessKeyId"]).toBe(userKey);
      }),
      { numRuns: 60 },
    );
  });

  it("ends where a key issues its own ancestor, in every order", async () => {
    const looped = fc.tuple(chainShape, fc.nat(4)).map(([shape, loop]) => ({ ...shape, loop }));
    await fc.assert(
      fc.asyncProperty(looped, async (shape) => {
        for (const line of await linesOf(chainRecords(shape, 0))) {
          const hops = list(fields(parsed(line)["attribution"])["hops"]);
          expect(hops.length).toBeLessThanOrEqual(maxHops + 1);
          const keys = hops.map((hop) => fields(hop)["accessKeyId"]).slice(0, -1);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a forged session name", () => {
  /** The last hop goes by a forged name; whoever asked for it is a user or a session of another role. */
  const forging = fc.tuple(
    fc.constantFrom(...beginnings),
    fc.array(hopShape, { maxLength: 3 }),
    hopShape,
    forgedName,
    fc.nat(2),
  );

  it("never gives a confidence above low: what is known for sure is what a plain name would give", async () => {
    await fc.assert(
      fc.asyncProperty(forging, async ([beginning, before, last, name, order]) => {
        // A chain that begins with a service has its first session from that service: that name is not forged.
        const first = beginning === "user" ? before : [{ ...last, name: "s" }, ...before];
        const under = async (chosen: string) => {
          const shape = { beginning, hops: [...first, { ...last, name: chosen }], calls: 1 };
          const records = chainRecords(shape, 0);
          const turned = [...records.slice(order), ...records.slice(0, order)];
          return attributionOf(await linesOf(turned), lastKey(shape, 0));
        };
        const [forged, plain] = [await under(name), await under("s")];
        expect(forged["root"]).toEqual(plain["root"]);
        if (forged["confidence"] === "low") return;
        expect(essence(forged)).toEqual(essence(plain));
      }),
      { numRuns: 200 },
    );
  });

  it("is no proof and no root where the call that issued the session was not seen", async () => {
    await fc.assert(
      fc.asyncProperty(hopShape, forgedName, async (hop, name) => {
        const under = async (chosen: string) => {
          const shape: ChainShape = { beginning: "user", hops: [{ ...hop, name: chosen }], calls: 1 };
          const reads = chainRecords(shape, 0).filter((one) => one["eventName"] === "GetObject");
          return attributionOf(await linesOf(reads), lastKey(shape, 0));
        };
        const [forged, plain] = [await under(name), await under("s")];
        expect(forged["confidence"]).not.toBe("high");
        if (forged["confidence"] === "low") expect(forged["root"]).toEqual(plain["root"]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    "i-0abcd1234ef567890",
    `AWSCodeBuild-${uuid}`,
    `BedrockAgentCore-${uuid}`,
    "0123456789abcdef0123456789abcdef",
  ])("names no workload for certain: %s, asked for by a user with a static key", async (name) => {
    const shape: ChainShape = {
      beginning: "user",
      hops: [{ account: chainAccounts[0], role: "a", name, copies: "both" }],
      calls: 1,
    };
    const found = attributionOf(await linesOf(chainRecords(shape, 0)), lastKey(shape, 0));
    if (found["kind"] === "workload") expect(found["confidence"]).toBe("low");
    expect(JSON.stringify(found["root"])).not.toContain(name);
  });
});

const ends: Readonly<Record<(typeof beginnings)[number], string>> = {
  user: "long-term-key",
  instance: "service",
  "service-account": "federation",
  pod: "service",
  saml: "federation",
  github: "federation",
};

const linesOf = async (records: readonly RecordObject[]): Promise<readonly string[]> =>
  (await settled([[records]])).attributions;

const parsed = (line: string) => fields(JSON.parse(line));

/** Who is said to have signed the read with this key. */
function attributionOf(lines: readonly string[], key: string) {
  const [found] = lines
    .map(parsed)
    .filter((one) => text(fields(one["principal"])["accessKeyId"]) === key && text(one["api"]) === "s3:GetObject");
  return fields(found?.["attribution"]);
}

/** What is claimed, without the words and without the names of the sessions on the way. */
const essence = ({ kind, id, declared, class: how, confidence }: ReturnType<typeof attributionOf>) => ({
  kind,
  id,
  declared,
  how,
  confidence,
});
