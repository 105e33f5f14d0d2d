import { writeRelease } from "../adapters/aws/iam-release.ts";
import { readIam } from "../adapters/aws/iam-slots.ts";
import { iamSnapshot } from "../adapters/aws/iam-snapshot.ts";
import { readLambda } from "../adapters/aws/lambda-slots.ts";
import { type Members, memberPlane, type Parts } from "../adapters/aws/member-plane.ts";
import { readScaling, scalingSnapshot } from "../adapters/aws/scaling-slots.ts";
import { release } from "../core/flow/respond/release.ts";
import type { Released, ReleasePorts, ReleaseRequest } from "../core/flow/respond/release-run.ts";
import { comeBack, executorHandler, type Log, type Worked } from "./executor.ts";

/** What takes back tier 1. It holds no call that writes a document. */
export const releaseParts: Parts = {
  role: "cordon-release",
  readers: [readIam, readLambda, readScaling],
  writers: [writeRelease],
  snapshots: [iamSnapshot, scalingSnapshot],
};

/** Takes containments back, after their approval. */
export const releaseHandler = (ports: Omit<ReleasePorts, "controlPlane">, members: Members, log?: Log) =>
  executorHandler((message) => {
    if (message.kind !== "release") return undefined;
    const { caseId, target } = message.request;
    const controlPlane = memberPlane({ account: target.account, caseId }, releaseParts, members);
    return released(message.request, { ...ports, controlPlane });
  }, log);

const released = async (request: ReleaseRequest, ports: ReleasePorts): Promise<Worked> =>
  releasedSo("release", request, await release(request, ports), ports);

/** How far a release came, for its queue; what waits for people is left for later. */
export async function releasedSo(
  part: "release" | "rewrite",
  request: ReleaseRequest,
  result: Released,
  ports: Pick<ReleasePorts, "later" | "clock">,
): Promise<Worked> {
  const { run, caseId, target } = request;
  if (result.kind === "waiting")
    await comeBack({ run, message: { kind: part, request: { ...request, target: { ...target } } } }, ports);
  const step = result.kind === "ended" ? result.end : result.kind;
  return { kind: result.kind === "busy" ? "again" : "done", step, run, caseId };
}
