import { calls } from "../../event/watch.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, placedIn, type RoleSession } from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";

export const ecsTask: Resolver = {
  id: "ecs-task",
  summary:
    "ECS asks for the session itself (`AssumeRole` by ecs-tasks.amazonaws.com) and names it by the task's id, also for Fargate and Batch. A task definition, a job definition or `RunTask` shows that the role works there; the name alone is a guess.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const task = holder.principal.session.name;
    const begun = begunBy(holder, "ecs-tasks");
    if (begun === "by-another" || (conventionOf(task) !== "ecs" && !(begun === "by-service" && shorter.test(task))))
      return undefined;
    const id = `ecs:${holder.principal.account ?? ""}/${task}`;
    const how = begun === "by-service" ? linked : (byRole(holder, task) ?? inferred);
    return declared(holder, { id, ...how }, ...bareRole(holder));
  },
};

/** Accounts that had not opted in to longer ARNs got such ids until 2021; anybody may choose one, so ECS itself must say it. */
const shorter = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type How = Pick<Claim, "class" | "because">;

const linked: How = { class: "linked", because: "ECS asked for this session under the task's id" };
const inferred: How = {
  class: "inferred",
  because: "the session's name is like a task's id, and nothing shows that its role works in ECS",
};

/** A known task id proves nothing under another role: whoever knows it could call a session so. */
function byRole(holder: RoleSession, task: string): How | undefined {
  const { principal, placements } = holder;
  const definitions = placedIn(holder, "ecs-task");
  const run = placements.ofRun("ecs-task", principal.account ?? "", task);
  if (run?.role !== undefined && run.role !== principal.role) return undefined;
  const [definition] =
    run === undefined
      ? definitions
      : definitions.filter((one) => run.role !== undefined || one.resource === run.resource);
  if (definition !== undefined)
    return {
      class: "indexed",
      because: `the session's name is ${run === undefined ? "like a task's id" : "the id of a task that was started"}, and its role is that of ${definition.resource}`,
    };
  const [job] = run === undefined ? placedIn(holder, "batch-job") : [];
  return (
    job && {
      class: "indexed",
      because: `the session's name is like a task's id, and its role is that of Batch's ${job.resource}`,
    }
  );
}

/** A manifest may name a task's role without its account. */
const bareRole = ({ principal, registry }: RoleSession) => {
  const name = principal.role.slice(principal.role.lastIndexOf("/") + 1);
  return [registry.selecting("ecsTaskRole", [name]), registry.selecting("batchJobRole", [name])];
};
