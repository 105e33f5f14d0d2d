import { writeDeny } from "../adapters/aws/iam-deny.ts";
import { readIam } from "../adapters/aws/iam-slots.ts";
import { iamSnapshot } from "../adapters/aws/iam-snapshot.ts";
import { type Members, memberPlane, type Parts } from "../adapters/aws/member-plane.ts";
import { executorOf } from "../core/flow/executor-message.ts";
import { type ContainPorts, contain } from "../core/flow/respond/contain.ts";
import { comeBack, executorHandler, type Log, type Worked } from "./executor.ts";

/** Tier 1: what can grant nothing to anybody. */
export const containParts: Parts = {
  role: "cordon-contain",
  readers: [readIam],
  writers: [writeDeny],
  snapshots: [iamSnapshot],
};

/** Contains with tier 1 alone; automatic is what was decided so, and the rest waits for people. */
export const containHandler = (ports: Omit<ContainPorts, "controlPlane">, members: Members, log?: Log) =>
  executorHandler((message) => {
    if (message.kind !== "contain" || executorOf(message.request.action) !== "contain") return undefined;
    return contained(message.request, containParts, ports, members);
  }, log);

/** One decision carried out with one function's parts. */
export async function contained(
  request: Parameters<typeof contain>[0],
  parts: Parts,
  ports: Omit<ContainPorts, "controlPlane">,
  members: Members,
): Promise<Worked> {
  const controlPlane = memberPlane(request, parts, members);
  const result = await contain(request, { ...ports, controlPlane });
  if (result.kind === "waiting") {
    const { action, blast } = request;
    const message = { kind: "contain", request: { ...request, action: { ...action }, blast: { ...blast } } };
    await comeBack({ run: request.run, message }, ports);
  }
  const kind = result.kind === "busy" ? "again" : "done";
  return { kind, step: result.kind === "ended" ? result.end : result.kind, run: request.run, caseId: request.caseId };
}
