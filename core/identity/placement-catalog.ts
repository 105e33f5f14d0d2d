import type { ApiCall } from "../event/event.ts";
import type { Placement, PlacementSource } from "./placement.ts";
import { agentcorePlacements } from "./placements/agentcore.ts";
import { batchPlacements } from "./placements/batch.ts";
import { bedrockPlacements } from "./placements/bedrock.ts";
import { codebuildPlacements } from "./placements/codebuild.ts";
import { ec2Placements } from "./placements/ec2.ts";
import { ecsPlacements } from "./placements/ecs.ts";
import { eksPlacements } from "./placements/eks.ts";
import { gluePlacements } from "./placements/glue.ts";
import { iamPlacements } from "./placements/iam.ts";
import { lambdaPlacements } from "./placements/lambda.ts";
import { sagemakerPlacements } from "./placements/sagemaker.ts";

/** Every service whose calls say where a role works. The order does not matter. */
export const placementSources: readonly PlacementSource[] = [
  agentcorePlacements,
  batchPlacements,
  bedrockPlacements,
  codebuildPlacements,
  ec2Placements,
  ecsPlacements,
  eksPlacements,
  gluePlacements,
  iamPlacements,
  lambdaPlacements,
  sagemakerPlacements,
];

const byApi = new Map<string, PlacementSource>();
for (const source of placementSources)
  if (source.watches.kind === "calls") for (const api of source.watches.apis) byApi.set(api, source);

/** What a call says about where roles work; nothing when it failed. */
export const placementsOf = (call: ApiCall): readonly Placement[] =>
  call.outcome === "done" ? (byApi.get(call.api)?.placementsOf(call) ?? []) : [];
