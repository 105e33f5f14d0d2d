import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryWindows } from "../../../adapters/memory/windows.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import { type Window, type WindowStore, windowLimit } from "../../../core/detect/windows/window-store.ts";
import type { Watchers } from "../../../core/flow/findings.ts";
import {
  account,
  eventId,
  type RecordObject,
  record,
  region,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { line } from "./live-line.ts";
import { settled } from "./settling.ts";

const ids = [
  "sprawl-secret-fan-out",
  "sprawl-off-workload",
  "sprawl-key-in-many-places",
  "sprawl-human-credential",
] as const;
const watchers: Watchers = { ...watchersFor(ids), undeclared: "not-sought", lives: [], sweeps: [] };

const secret = (number: number): string => `arn:aws:secretsmanager:${region}:${account}:secret:team/s${number}-AbC1dE`;

/** One use of a credential: which of a few identities, what it called, from where. */
interface Use {
  readonly who: number;
  readonly what: number;
  readonly where: number;
  readonly minutes: number;
}

const holders = [
  user(),
  session("app", "run-1", sessionKey(1)),
  session("app", "run-2", sessionKey(2)),
  session("node", "i-0abcdef1234567890", sessionKey(3), {
    sessionContext: {
      sessionIssuer: { type: "Role", arn: `arn:aws:iam::${account}:role/node`, accountId: account, userName: "node" },
      ec2RoleDelivery: "2.0",
    },
  }),
];

function used({ who, what, where, minutes }: Use, number: number): RecordObject {
  const [eventSource, eventName, requestParameters] =
    what === 0
      ? ["secretsmanager.amazonaws.com", "ListSecrets", null]
      : what === 1
        ? ["sts.amazonaws.com", "GetCallerIdentity", null]
        : what % 3 === 0
          ? ["kms.amazonaws.com", "Decrypt", { encryptionContext: { SecretARN: secret(what) } }]
          : ["secretsmanager.amazonaws.com", "GetSecretValue", { secretId: secret(what) }];
  return record({
    userIdentity: holders[who % holders.length] as never,
    eventSource,
    eventName,
    requestParameters,
    sourceIPAddress: ["192.0.2.1", "198.51.100.1", "203.0.113.1"][where % 3] ?? "",
    eventID: eventId(number),
    // The live line parks what is dated after its clock.
    eventTime: secondsAfter((minutes - 27 * 60) * 60),
  });
}

const uses = fc.array(
  fc.record({
    who: fc.nat(holders.length - 1),
    what: fc.nat(24),
    where: fc.nat(2),
    minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, fc.nat(26 * 60)),
  }),
  { minLength: 20, maxLength: 70 },
);

const shuffled = <One>(all: readonly One[], luck: Iterator<number>): readonly One[] =>
  all
    .map((one) => [luck.next().value ?? 0, one] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, one]) => one);

describe("secrets read and credentials re-used", () => {
  it("are found the same in any order, with repetitions, and by several threads", async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(uses, fc.infiniteStream(fc.nat()), async (all, luck) => {
        const records = all.map(used);
        const once = await settled([[records]], { watchers });
        const mixed = shuffled([...records, ...records.slice(0, 7)], luck);
        const cut = Math.floor(mixed.length / 2);
        const again = await settled([[mixed.slice(0, cut)], [mixed.slice(cut)]], { watchers });
        expect(again.lines).toEqual(once.lines);
        found += once.settlement.findings.length;
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(30);
  });

  it("are found live, batch by batch, as in one replay", async () => {
    await fc.assert(
      fc.asyncProperty(uses, fc.integer({ min: 1, max: 20 }), async (all, size) => {
        const records = all.map(used);
        const { settlement } = await settled([[records]], { watchers });
        const windows = memoryWindows();
        const { batch } = line();
        const last = new Map<string, Finding>();
        for (let from = 0; from < records.length; from += size) {
          const found = await batch(records.slice(from, from + size), { watchers, windows });
          for (const one of found.settlement.findings) last.set(one.id, one);
        }
        for (const one of settlement.findings)
          expect(last.get(one.id)).toMatchObject({ at: one.at, count: one.count, eventIDs: one.eventIDs });
      }),
      { numRuns: 15 },
    );
  });

  it("of one identity cost one write a window and batch, and no more memory than a window holds", async () => {
    const inner = memoryWindows();
    const changed: Window[][] = [];
    const windows: WindowStore = {
      ...inner,
      async add(marks) {
        const all = await inner.add(marks);
        changed.push([...all]);
        return all;
      },
    };
    const records = Array.from({ length: 1_000 }, (_, number) =>
      used({ who: 1 + (number % 2), what: 2 + number, where: 0, minutes: number % 10 }, number),
    );
    const { settlement } = await line().batch(records, { watchers, windows });
    expect(changed).toHaveLength(1);
    const [fanOut, ...others] = changed.flat();
    expect(others).toEqual([]);
    expect(fanOut?.marks).toHaveLength(windowLimit);
    const [finding] = settlement.findings;
    expect(finding?.title).toMatch(/read more than 256 different secrets/);
    expect(finding?.eventIDs).toHaveLength(50);
  });

  it("cost nothing where a service reads one secret all day", async () => {
    const inner = memoryWindows();
    let written = 0;
    const windows: WindowStore = {
      ...inner,
      async add(marks) {
        const all = await inner.add(marks);
        written += all.length;
        return all;
      },
    };
    const { batch } = line();
    for (let hour = 0; hour < 10; hour++) {
      const { settlement } = await batch([used({ who: 1, what: 2, where: 0, minutes: hour * 60 + 1 }, hour)], {
        watchers,
        windows,
      });
      expect(settlement.findings).toEqual([]);
    }
    // The calls begin at nine and lie in two windows.
    expect(written).toBe(2);
  });
});
