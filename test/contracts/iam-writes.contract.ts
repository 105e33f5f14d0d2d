import { expect, it } from "vitest";
import { type Fact, factKey } from "../../core/detect/facts/fact.ts";
import { storedFacts } from "../../core/detect/facts/history-facts.ts";
import { instant } from "../../core/event/instant.ts";
import { nothingInitial } from "../../core/iam/account/account-history.ts";
import type { IamChange, IamWrite } from "../../core/iam/account/iam-change.ts";
import { identityKey, policyKey } from "../../core/iam/account/write-key.ts";
import type { WriteStore } from "../../core/iam/account/write-log.ts";
import { eventId } from "./examples.ts";

const policy = "arn:aws:iam::111122223333:policy/p";
const role = "arn:aws:iam::111122223333:role/r";
const allowing = (action: string) => ({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const write = (at: number, id: string, change: IamChange): IamWrite => ({ schema: 1, at, id, change });
const version = (at: number, id: string, document: unknown): IamWrite =>
  write(at, id, { kind: "version-created", policy, isDefault: true, document });
const asked = (at: number): Fact => ({ kind: "managed-policy", policy, at: instant(at) });

/** What every store of IAM writes must do. */
export function iamWritesContract(make: () => WriteStore): void {
  const answers = async (store: WriteStore, ...times: readonly number[]): Promise<readonly unknown[]> => {
    const found = await storedFacts(store, nothingInitial).answer(times.map(asked));
    return times.map((at) => {
      const answer = found.get(factKey(asked(at)));
      return answer?.kind === "managed-policy" ? answer.document.statements[0]?.actions.patterns[0] : answer?.kind;
    });
  };

  it("answers with the document that was in force at the asked time, whatever the order of learning", async () => {
    const writes = [
      version(10, "e1", allowing("s3:*")),
      version(20, "e2", allowing("iam:*")),
      version(20, "e3", allowing("sts:*")),
      write(30, "e4", { kind: "policy-deleted", policy }),
    ];
    for (const order of [writes, writes.toReversed()]) {
      const store = make();
      await store.learn(order);
      await store.learn(order);
      expect(await answers(store, 9, 10, 19, 20, 29, 30)).toEqual([
        "unknown",
        "s3:*",
        "s3:*",
        "sts:*",
        "sts:*",
        "unknown",
      ]);
    }
  });

  it("answers every question, also about a policy nobody wrote, with a reason", async () => {
    const found = await storedFacts(make(), nothingInitial).answer([asked(1), asked(2)]);
    expect([...found.keys()]).toEqual([factKey(asked(1)), factKey(asked(2))]);
    expect(found.get(factKey(asked(1)))).toEqual({
      kind: "unknown",
      because: `the content of ${policy} is not known here`,
    });
  });

  it("calls a document it cannot read unknown instead of empty", async () => {
    const store = make();
    await store.learn([version(1, "e1", "{ not json")]);
    expect(await answers(store, 5)).toEqual(["unknown"]);
  });

  it("finds a write under each of its keys, in order, and keeps the fuller of two copies", async () => {
    const store = make();
    const created = write(5, "e5", { kind: "created", identity: role, tags: {}, furnished: false });
    const fuller = write(5, "e5", {
      kind: "created",
      identity: role,
      id: "AROACKCEVSQ6C2EXAMPLE",
      tags: {},
      furnished: false,
    });
    const attached = write(6, "e6", { kind: "attached", identity: role, policy });
    await store.learn([attached, fuller]);
    await store.learn([created]);
    const found = await store.read([identityKey(role), `holders ${policy}`, policyKey(policy)]);
    expect([...found.values()]).toEqual([[fuller, attached], [attached], []]);
  });

  it("tells an identity with its groups and their policies, whose logs it must look for", async () => {
    const store = make();
    const user = "arn:aws:iam::111122223333:user/u";
    const group = "arn:aws:iam::111122223333:group/g";
    await store.learn([
      write(1, "e1", { kind: "created", identity: group, tags: {}, furnished: false }),
      write(2, "e2", { kind: "created", identity: user, tags: {}, furnished: false }),
      write(3, "e3", { kind: "policy-created", policy, document: allowing("s3:*") }),
      write(4, "e4", { kind: "attached", identity: group, policy }),
      write(5, "e5", { kind: "joined", identity: user, group: "g" }),
    ]);
    const fact: Fact = { kind: "identity", arn: user, before: { at: instant(6), id: eventId("e6") } };
    const answer = (await storedFacts(store, nothingInitial).answer([fact])).get(factKey(fact));
    if (answer?.kind !== "identity") throw new Error(`not known: ${answer?.because}`);
    expect(answer.identity).toMatchObject({ extent: "whole", groups: ["g"], own: { inline: [], attached: [] } });
    expect(answer.identity.policies.identity.map(({ name }) => name)).toEqual([policy]);
  });
}
