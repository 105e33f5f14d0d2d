import { writeDeny } from "../adapters/aws/iam-deny.ts";
import { writeDocument } from "../adapters/aws/iam-documents.ts";
import { readIam } from "../adapters/aws/iam-slots.ts";
import { iamSnapshot } from "../adapters/aws/iam-snapshot.ts";
import { readLambda, writeLambda } from "../adapters/aws/lambda-slots.ts";
import { type Members, memberPlane, type Parts } from "../adapters/aws/member-plane.ts";
import { readScaling, scalingSnapshot, writeScaling } from "../adapters/aws/scaling-slots.ts";
import { executorOf } from "../core/flow/executor-message.ts";
import type { ContainPorts } from "../core/flow/respond/contain.ts";
import type { ReleasePorts } from "../core/flow/respond/release-run.ts";
import { rewrite, settleRevoke } from "../core/flow/respond/rewrite.ts";
import { contained } from "./contain.ts";
import { executorHandler, type Log, type Worked } from "./executor.ts";
import { releasedSo } from "./release.ts";

/** Tier 2: what writes documents or hurts availability, and takes that back; with tier 1, which some of its plans set too. */
export const rewriteParts: Parts = {
  role: "cordon-rewrite",
  readers: [readIam, readLambda, readScaling],
  writers: [writeDeny, writeDocument, writeLambda, writeScaling],
  snapshots: [iamSnapshot, scalingSnapshot],
};

export interface RewritePorts {
  readonly contain: Omit<ContainPorts, "controlPlane">;
  readonly release: Omit<ReleasePorts, "controlPlane">;
}

/** Carries out what tier 1 is not enough for, and the parts of a release that write documents; all of it approved. */
export const rewriteHandler = (ports: RewritePorts, members: Members, log?: Log) =>
  executorHandler((message) => {
    switch (message.kind) {
      case "contain":
        return executorOf(message.request.action) === "rewrite"
          ? contained(message.request, rewriteParts, ports.contain, members)
          : undefined;
      case "rewrite":
      case "settle":
        return rewritten(message, ports, members);
      default:
        return undefined;
    }
  }, log);

async function rewritten(
  { kind, request }: { readonly kind: "rewrite" | "settle"; readonly request: Parameters<typeof rewrite>[0] },
  ports: RewritePorts,
  members: Members,
): Promise<Worked> {
  const { run, caseId, target } = request;
  const controlPlane = memberPlane({ account: target.account, caseId }, rewriteParts, members);
  const release = { ...ports.release, controlPlane };
  if (kind === "settle") {
    const step = await settleRevoke(request, release);
    return { kind: step === "busy" ? "again" : "done", step, run, caseId };
  }
  return releasedSo("rewrite", request, await rewrite(request, release), release);
}
