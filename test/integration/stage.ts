import { randomUUID } from "node:crypto";
import { IAMClient } from "@aws-sdk/client-iam";
import { type AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { awsControlPlane } from "../../adapters/aws/control-plane.ts";
import { writeDeny } from "../../adapters/aws/iam-deny.ts";
import { writeDocument } from "../../adapters/aws/iam-documents.ts";
import { writeRelease } from "../../adapters/aws/iam-release.ts";
import { readIam } from "../../adapters/aws/iam-slots.ts";
import { iamSnapshot } from "../../adapters/aws/iam-snapshot.ts";
import { readLambda, writeLambda } from "../../adapters/aws/lambda-slots.ts";
import { type MemberClients, memberClients } from "../../adapters/aws/member-clients.ts";
import { readScaling, scalingSnapshot, writeScaling } from "../../adapters/aws/scaling-slots.ts";
import type { SlotWriter } from "../../adapters/aws/slot-seam.ts";
import type { JsonObject } from "../../core/event/json.ts";
import type { Change } from "../../core/respond/change.ts";
import type { ControlPlane } from "../../core/respond/control-plane.ts";
import { sourceIdentityOf } from "../../core/respond/session-name.ts";

export const account = "111122223333";
export const caseId = "case-1";
const region = "us-east-1";

export const policy = (...statements: readonly JsonObject[]) => ({ Version: "2012-10-17", Statement: [...statements] });
export const trust = policy({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

/** Clients of the account itself, and the account as the product sees it. */
export function stageOn(endpoint: string) {
  const own = { region, endpoint, credentials: { accessKeyId: "testing", secretAccessKey: "testing" }, maxAttempts: 1 };
  const sts = new STSClient(own);
  const assumed: AssumeRoleCommand["input"][] = [];
  const assuming = {
    send(command: AssumeRoleCommand) {
      assumed.push(command.input);
      return sts.send(command);
    },
  };
  const as = { account, partition: "aws", role: "cordon-contain", externalId: randomUUID() };
  const clients = memberClients(
    { ...as, sourceIdentity: sourceIdentityOf({ caseId }) },
    { region, endpoint },
    assuming,
  );
  // moto knows no service-specific credentials, and no boundaries of users: unit tests have them.
  const listed: MemberClients = {
    ...clients,
    iam: async (session) => {
      const client = await clients.iam(session);
      const send = async (command: Parameters<typeof client.send>[0]) =>
        command.constructor.name === "ListServiceSpecificCredentialsCommand"
          ? { ServiceSpecificCredentials: [] }
          : client.send(command);
      return { send: send as typeof client.send };
    },
  };
  const plane = (...writers: readonly SlotWriter[]): ControlPlane =>
    awsControlPlane({
      ...{ clients: listed, account, partition: "aws", caseId, writers, calls: [] },
      readers: [readIam, readLambda, readScaling],
      snapshots: [iamSnapshot, scalingSnapshot],
      sleep: async () => undefined,
    });
  return {
    iam: new IAMClient(own),
    assumed,
    plane,
    all: plane(writeDeny, writeRelease, writeDocument, writeLambda, writeScaling),
    own,
  };
}

/** A token of a step, as `tokenOf` makes them. */
export const token = "0123456789abcdef0123456789abcdef";

/** Writes a change and its undo, and says what was answered and what was read before, between and after. */
export async function thereAndBack(plane: ControlPlane, change: Change) {
  const before = await plane.read(change.slot);
  const done = await plane.write(change, { caseId, token });
  const between = await plane.read(change.slot);
  const undone = await plane.write({ ...change, before: change.after, after: change.before }, { caseId, token });
  return { before, done: done.kind, between, undone: undone.kind, after: await plane.read(change.slot) };
}
