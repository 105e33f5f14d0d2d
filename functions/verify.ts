import { writeDeny } from "../adapters/aws/iam-deny.ts";
import { readIam } from "../adapters/aws/iam-slots.ts";
import { iamSnapshot } from "../adapters/aws/iam-snapshot.ts";
import { readLambda } from "../adapters/aws/lambda-slots.ts";
import { type Members, memberPlane, type Parts } from "../adapters/aws/member-plane.ts";
import { readScaling, scalingSnapshot } from "../adapters/aws/scaling-slots.ts";
import { type VerifyPorts, verify } from "../core/flow/respond/verify.ts";
import { planIn } from "../core/respond/written.ts";
import { executorHandler, type Log, type Worked } from "./executor.ts";

/** Puts tier 1 up again where it was taken off. A document that was taken off is told to people: this function writes none. */
export const verifyParts: Parts = {
  role: "cordon-verify",
  readers: [readIam, readLambda, readScaling],
  writers: [writeDeny],
  snapshots: [iamSnapshot, scalingSnapshot],
};

/** Looks whether containments hold. */
export const verifyHandler = (ports: Omit<VerifyPorts, "controlPlane">, members: Members, log?: Log) =>
  executorHandler((message) => (message.kind === "verify" ? looked(message.look, ports, members) : undefined), log);

async function looked(
  look: Parameters<typeof verify>[0],
  ports: Omit<VerifyPorts, "controlPlane">,
  members: Members,
): Promise<Worked> {
  const { run } = look;
  const plan = planIn(await ports.journal.read(run));
  if (plan === undefined) return { kind: "done", step: "over", run };
  const { caseId, target } = plan;
  const controlPlane = memberPlane({ account: target.account, caseId }, verifyParts, members);
  const result = await verify(look, { ...ports, controlPlane });
  return {
    kind: result.kind === "busy" ? "again" : "done",
    step: result.kind === "looked" ? result.standing : result.kind,
    ...{ run, caseId },
  };
}
