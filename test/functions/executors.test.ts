import type { Context, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Members } from "../../adapters/aws/member-plane.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import { executorOf, readExecutorMessage } from "../../core/flow/executor-message.ts";
import { planners } from "../../core/respond/catalog.ts";
import { containHandler } from "../../functions/contain.ts";
import { executorHandler, type Log, type Work } from "../../functions/executor.ts";
import { releaseHandler } from "../../functions/release.ts";
import { rewriteHandler } from "../../functions/rewrite.ts";
import { awsError, type Sent } from "../adapters/aws/fake-aws.ts";
import { benign, containment, denyAll, releaseStage, target } from "../core/flow/releasing.ts";

const context = { functionName: "contain", getRemainingTimeInMillis: () => 30_000 } as Context;

/** A batch as a FIFO queue hands it over: body by body, with the principal that each is about. */
const batchOf = (messages: readonly (readonly [id: string, group: string, body: string])[]): SQSEvent => ({
  Records: messages.map(([messageId, MessageGroupId, body]) => ({
    messageId,
    receiptHandle: `receipt ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1769860800000",
      SenderId: "AIDACKCEVSQ6C2EXAMPLE",
      ApproximateFirstReceiveTimestamp: "1769860800001",
      MessageGroupId,
    },
    messageAttributes: {},
    md5OfBody: "00000000000000000000000000000000",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:contain.fifo",
    awsRegion: "us-east-1",
  })),
});

const failuresOf = async (handler: ReturnType<typeof executorHandler>, ...messages: Parameters<typeof batchOf>[0]) =>
  (await handler(batchOf(messages), context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const contain = JSON.stringify({ kind: "contain", request: containment });
const release = JSON.stringify({ kind: "release", request: benign });
const look = JSON.stringify({ kind: "verify", run: "decision-1", afterSeconds: 5 });

describe("a function that works on principals", () => {
  const seen: string[] = [];
  const work = (act: (run: string) => Promise<"done" | "again">): Work => {
    seen.length = 0;
    return (message) => {
      if (message.kind !== "verify") return undefined;
      const { run } = message.look;
      seen.push(run);
      return act(run).then((kind) => ({ kind, step: "holds", run }));
    };
  };
  const verifying = (run: string): string => JSON.stringify({ kind: "verify", run, afterSeconds: 5 });

  it("lets a principal's later messages wait behind one that comes again, and others go on", async () => {
    const handler = executorHandler(
      work(async (run) => (run === "a1" ? "again" : "done")),
      () => undefined,
    );
    const messages = ["a1", "b1", "a2", "b2"].map((run) => [run, run.slice(0, 1), verifying(run)] as const);
    expect(await failuresOf(handler, ...messages)).toEqual(["a1", "a2"]);
    expect(seen).toEqual(["a1", "b1", "b2"]);
  });

  it("keeps what failed, what cannot be read and what is another's, and says so without its text", async () => {
    const logged: Parameters<Log>[0][] = [];
    const handler = executorHandler(
      work(async () => {
        throw new Fault("throttled", "busy");
      }),
      (line) => logged.push(line),
    );
    const odd = [
      ["m1", "a", verifying("a")],
      ["m2", "b", "{"],
      ["m3", "c", release],
    ] as const;
    expect(await failuresOf(handler, ...odd)).toEqual(["m1", "m2", "m3"]);
    expect(logged).toEqual([
      { level: "error", step: "failed", message: "m1", code: "throttled", error: "Fault" },
      { level: "error", step: "unreadable", message: "m2" },
      { level: "error", step: "misrouted", message: "m3" },
    ]);
  });
});

describe("a message of an executor's queue", () => {
  it("is read as it was written", () => {
    expect(readExecutorMessage(contain)).toEqual({ kind: "contain", request: containment });
    expect(readExecutorMessage(release)).toEqual({ kind: "release", request: benign });
    expect(readExecutorMessage(look)).toEqual({ kind: "verify", look: { run: "decision-1", afterSeconds: 5 } });
  });

  it.each([
    { ...containment, kind: "anything" },
    { ...containment, account: "1" },
    { ...containment, eventAt: "now" },
    { ...containment, principalId: "" },
    { ...containment, blast: {} },
    { ...containment, action: { ...containment.action, kind: "delete-role" } },
    { ...containment, action: { ...containment.action, grade: "deny-nothing" } },
    { ...containment, action: { ...containment.action, only: [] } },
  ])("is nothing when a part of it is wrong (%#)", (request) => {
    expect(readExecutorMessage(JSON.stringify({ kind: "contain", request }))).toBeUndefined();
  });

  it("goes to the function whose rights are enough", () => {
    const contained = planners.filter(
      ({ action, sets }) => sets.length > 0 && executorOf({ kind: action }) === "contain",
    );
    expect(contained.map(({ action }) => action).sort()).toEqual(["contain-role", "contain-user", "deactivate-key"]);
  });
});

describe("the functions on an account", () => {
  /** IAM with one role to which policies are attached. */
  function accountOf() {
    const attached = new Set<string>();
    const roles: string[] = [];
    const sent: string[] = [];
    const answer = ({ name, input }: Sent): object => {
      sent.push(name);
      const policy = String(input["PolicyArn"]);
      if (name === "AttachRolePolicyCommand") attached.add(policy);
      if (name === "DetachRolePolicyCommand") attached.delete(policy);
      if (name === "GetRoleCommand") return { Role: { Arn: target.arn, RoleId: target.id } };
      if (name === "ListAttachedRolePoliciesCommand")
        return { AttachedPolicies: [...attached].map((PolicyArn) => ({ PolicyArn })) };
      if (name === "GetAccountSummaryCommand") throw awsError("AccessDenied");
      return {};
    };
    const client = async () => ({
      send: async (command: { readonly input: object }): Promise<never> =>
        answer({ name: command.constructor.name, input: { ...command.input } }) as never,
    });
    const members: Members = {
      partition: "aws",
      sleep: async () => undefined,
      clientsFor: (_of, role) => {
        roles.push(role);
        return { iam: client, lambda: client, scaling: client };
      },
    };
    return { attached, roles, sent, members };
  }

  it("contain, each in its own role, and let an approval take its time", async () => {
    const stage = releaseStage();
    const { attached, roles, members } = accountOf();
    const handler = containHandler(stage.containPorts, members, () => undefined);
    expect(await failuresOf(handler, ["m1", target.id, contain])).toEqual([]);
    expect([...attached]).toEqual([denyAll]);
    expect(await failuresOf(handler, ["m1", target.id, contain])).toEqual([]);

    const releasing = releaseHandler(stage.ports, members, () => undefined);
    expect(await failuresOf(releasing, ["m2", target.id, release])).toEqual([]);
    expect([...attached]).toEqual([denyAll]);
    const due = (await stage.ports.later.due(instant(stage.clock.now() + 60_000))).map(({ message }) => message);
    expect(due).toContainEqual({ kind: "release", request: benign });
    expect(new Set(roles)).toEqual(new Set(["cordon-contain", "cordon-release"]));
  });

  it("leave alone what is another function's", async () => {
    const stage = releaseStage();
    const { sent, members } = accountOf();
    const ports = { contain: stage.containPorts, release: stage.ports };
    expect(
      await failuresOf(
        rewriteHandler(ports, members, () => undefined),
        ["m1", "g", contain],
      ),
    ).toEqual(["m1"]);
    expect(
      await failuresOf(
        containHandler(stage.containPorts, members, () => undefined),
        ["m1", "g", release],
      ),
    ).toEqual(["m1"]);
    const { action } = containment;
    const locked = JSON.stringify({
      kind: "contain",
      request: { ...containment, action: { ...action, kind: "lock-trust" } },
    });
    expect(
      await failuresOf(
        containHandler(stage.containPorts, members, () => undefined),
        ["m1", "g", locked],
      ),
    ).toEqual(["m1"]);
    expect(sent).toEqual([]);
  });
});
