import type { Blast } from "../decide/blast.ts";
import type { Action, Grade } from "../decide/decision.ts";
import { instant } from "../event/instant.ts";
import { fields, type Json, list, text } from "../event/json.ts";
import { planners } from "../respond/catalog.ts";
import { mildGrades } from "../respond/deny-policies.ts";
import type { Target } from "../respond/plan.ts";
import type { ContainRequest } from "./respond/contain.ts";
import type { ReleaseRequest } from "./respond/release-run.ts";
import type { Look } from "./respond/verify.ts";

/** What the queues of the executors carry. */
export type ExecutorMessage =
  | { readonly kind: "contain"; readonly request: ContainRequest }
  | { readonly kind: "release"; readonly request: ReleaseRequest }
  | { readonly kind: "rewrite" | "settle"; readonly request: ReleaseRequest }
  | { readonly kind: "verify"; readonly look: Look };

/** Which function carries an action out: the one whose rights are enough for every slot that its plans set, and no more. */
export const executorOf = ({ kind }: Pick<Action, "kind">): "contain" | "rewrite" =>
  planners.find((one) => one.action === kind)?.sets.every(({ tier }) => tier === 1) === true ? "contain" : "rewrite";

/** A message of an executor's queue; undefined for what is none, whole or in a part. */
export function readExecutorMessage(body: string): ExecutorMessage | undefined {
  const message = fields(parsed(body));
  switch (message["kind"]) {
    case "contain": {
      const request = containRequest(message["request"]);
      return request && { kind: "contain", request };
    }
    case "release":
    case "rewrite":
    case "settle": {
      const request = releaseRequest(message["request"]);
      return request && { kind: message["kind"], request };
    }
    case "verify": {
      const look = lookOf(message);
      return look && { kind: "verify", look };
    }
    default:
      return undefined;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function containRequest(value: Json | undefined): ContainRequest | undefined {
  const said = fields(value);
  const action = actionOf(said["action"]);
  const blast = blastOf(said["blast"]);
  const kind = said["kind"];
  const [run, caseId, principalId] = ["run", "caseId", "principalId"].map((name) => text(said[name]));
  const account = accountIn(said["account"]);
  if (action === undefined || blast === undefined || !run || !caseId || !principalId || account === undefined)
    return undefined;
  if (typeof said["eventAt"] !== "number" || (kind !== "automatic" && kind !== "approval")) return undefined;
  return { run, caseId, action, principalId, account, eventAt: instant(said["eventAt"]), kind, blast };
}

function actionOf(value: Json | undefined): Action | undefined {
  const said = fields(value);
  const kind = planners.find((one) => one.action === said["kind"])?.action;
  const target = text(said["target"]);
  const tier = said["tier"];
  if (kind === undefined || target === "" || (tier !== 1 && tier !== 2)) return undefined;
  const grade = grades.find((one) => one === said["grade"]);
  if (said["grade"] !== undefined && grade === undefined) return undefined;
  const [first, ...rest] = list(said["only"]).map(text);
  if (said["only"] !== undefined && (first === undefined || [first, ...rest].includes(""))) return undefined;
  return {
    ...{ kind, target, tier },
    ...(grade === undefined ? {} : { grade }),
    ...(first === undefined ? {} : { only: [first, ...rest] as const }),
  };
}

const grades: readonly Grade[] = ["deny-all", ...mildGrades];

function blastOf(value: Json | undefined): Blast | undefined {
  const { sessions, instances, functions, jobs, workloads } = fields(value);
  if (typeof sessions !== "number" || typeof instances !== "number") return undefined;
  if (typeof functions !== "number" || typeof jobs !== "number" || !Array.isArray(workloads)) return undefined;
  return { sessions, instances, functions, jobs, workloads: list(workloads).map(text) };
}

function releaseRequest(value: Json | undefined): ReleaseRequest | undefined {
  const said = fields(value);
  const [run, caseId] = [text(said["run"]), text(said["caseId"])];
  const target = targetOf(said["target"]);
  const release = said["release"];
  if (!run || !caseId || target === undefined) return undefined;
  if (release !== "benign" && release !== "compromised") return undefined;
  const same = said["credentials"] === "the same" ? ({ credentials: "the same" } as const) : {};
  return { run, caseId, target, release, ...same };
}

function targetOf(value: Json | undefined): Target | undefined {
  const said = fields(value);
  const [arn, id, account] = [text(said["arn"]), text(said["id"]), accountIn(said["account"])];
  return arn && id && account !== undefined ? { arn, id, account } : undefined;
}

function lookOf(said: ReturnType<typeof fields>): Look | undefined {
  const { afterSeconds, epoch, look } = said;
  const run = text(said["run"]);
  if (!run || typeof afterSeconds !== "number") return undefined;
  return {
    ...{ run, afterSeconds },
    ...(typeof epoch === "number" ? { epoch } : {}),
    ...(typeof look === "number" ? { look } : {}),
  };
}

const accountIn = (value: Json | undefined): string | undefined =>
  /^\d{12}$/.test(text(value)) ? text(value) : undefined;
