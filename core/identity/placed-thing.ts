import type { PlacementKind, Placements } from "./placement.ts";

/** Names the lasting thing behind an attribution id; none for a bare role or user. */
export type ThingOf = (id: string) => readonly string[];

/** How attribution ids of single runs begin, and under which kind of placement the run is found. */
const runs: Readonly<Record<string, { readonly kind: PlacementKind; readonly alone: "one-thing" | "own-thing" }>> = {
  ec2: { kind: "ec2-instance", alone: "own-thing" },
  ecs: { kind: "ecs-task", alone: "one-thing" },
  codebuild: { kind: "codebuild-project", alone: "one-thing" },
  agentcore: { kind: "agentcore-runtime", alone: "one-thing" },
};

/**
 * Runs of one thing (tasks of a service, instances of a group) are that thing. Without the call that started it, tasks,
 * builds and sessions of one role count as one thing; a machine counts as itself.
 */
export const thingBehind =
  (placements: Placements): ThingOf =>
  (id) => {
    const type = id.slice(0, id.indexOf(":"));
    if (type === "role" || type === "user") return [];
    const run = Object.hasOwn(runs, type) ? runs[type] : undefined;
    if (run === undefined) return [id];
    const account = /\d{12}/.exec(id)?.[0] ?? "";
    const found = placements.ofRun(run.kind, account, id.slice(id.lastIndexOf("/") + 1));
    return [found?.group ?? (run.alone === "own-thing" ? id : (found?.resource ?? `${type} runs`))];
  };
