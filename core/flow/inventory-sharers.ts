import type { PlacementKind, Placements } from "../identity/placement.ts";
import type { Face } from "./inventory-face.ts";
import type { Seen } from "./inventory-seen.ts";

/**
 * What shares a role, a user or a key, as sorted names: what ran with it in the records or what the role was put to work
 * in, whichever names more. Runs of one thing (tasks of a service, instances of a group) are one.
 */
export function sharersOf(placements: Placements): (face: Face, known: Seen | undefined) => readonly string[] {
  return ({ kind, id }, known) => {
    if (kind !== "role" && kind !== "iam-user" && kind !== "access-key") return [];
    const ran = new Set([...(known?.ran ?? [])].flatMap((one) => thingOf(one, placements)));
    const placed = new Set(
      kind === "role"
        ? placements
            .ofRole(id.slice("role:".length))
            .filter((one) => one.kind !== "instance-profile")
            .map(({ group, resource }) => group ?? resource)
        : [],
    );
    return [...(placed.size > ran.size ? placed : ran)].sort();
  };
}

/** How attribution ids of single runs begin, and under which kind of placement the run is found. */
const runs: Readonly<Record<string, { readonly kind: PlacementKind; readonly alone: "one-thing" | "own-thing" }>> = {
  ec2: { kind: "ec2-instance", alone: "own-thing" },
  ecs: { kind: "ecs-task", alone: "one-thing" },
  codebuild: { kind: "codebuild-project", alone: "one-thing" },
  agentcore: { kind: "agentcore-runtime", alone: "one-thing" },
};

/** The thing behind an attribution id. Without the call that started it, tasks, builds and sessions of one role count as one thing; a machine counts as itself. */
function thingOf(id: string, placements: Placements): readonly string[] {
  const type = id.slice(0, id.indexOf(":"));
  if (type === "role" || type === "user") return [];
  const run = Object.hasOwn(runs, type) ? runs[type] : undefined;
  if (run === undefined) return [id];
  const account = /\d{12}/.exec(id)?.[0] ?? "";
  const found = placements.ofRun(run.kind, account, id.slice(id.lastIndexOf("/") + 1));
  return [found?.group ?? (run.alone === "own-thing" ? id : (found?.resource ?? `${type} runs`))];
}
