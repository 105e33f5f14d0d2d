import type { ApiCall } from "../event/event.ts";
import type { Placement, PlacementSource } from "./placement.ts";
import { codebuildPlacements } from "./placements/codebuild.ts";

/** Every service whose calls say where a role works. The order does not matter. */
export const placementSources: readonly PlacementSource[] = [codebuildPlacements];

const byApi = new Map<string, PlacementSource>();
for (const source of placementSources)
  if (source.watches.kind === "calls") for (const api of source.watches.apis) byApi.set(api, source);

/** What a call says about where roles work; nothing when it failed. */
export const placementsOf = (call: ApiCall): readonly Placement[] =>
  call.outcome === "done" ? (byApi.get(call.api)?.placementsOf(call) ?? []) : [];
