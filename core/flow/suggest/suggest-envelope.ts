import { arnProblem } from "../../identity/manifest/manifest-value.ts";
import type { NotedEntry } from "./noted.ts";
import { noted } from "./noted.ts";
import { generalise } from "./suggest-resource.ts";
import { together, type Use } from "./suggest-use.ts";
import { seenText } from "./suggest-words.ts";

/** Accelerators that one identity asked for. */
export interface CapacityUse {
  readonly families: Set<string>;
  /** The most instances that one call asked for. */
  instances: number;
}

/** What an envelope says beside its statements. */
export interface EnvelopeParts {
  readonly use: Use;
  readonly capacity?: CapacityUse;
  /** Agents and gateways that it asked, as `mayInvoke` writes them. */
  readonly callees: ReadonlySet<string>;
  /** The longest chain of issuing calls that was seen; absent where a beginning was not seen. */
  readonly hops?: number;
  /** How ids of cross-Region inference profiles begin. */
  readonly modelProfiles: readonly string[];
}

/** A call through more endpoints than this says nothing about where the workload lives. */
const mostEndpoints = 4;

/** The parts that the records speak of; what was never seen is left out, for the statements do not allow it. */
export function envelopeParts({ use, capacity, callees, hops, modelProfiles }: EnvelopeParts): readonly NotedEntry[] {
  const regions = [...use.regions.keys()].filter((one) => /^[a-z]{2,8}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/.test(one)).sort();
  const models = modelsIn(use, modelProfiles);
  const secrets = secretsIn(use);
  const endpoints = endpointsIn(use);
  return [
    ...part("regions", regions, seenText(together(use.regions.values()))),
    ...part("models", models, seenText(together(use.models.values()))),
    ...part("secrets", secrets, seenText(together(use.secrets.values()))),
    ...accelerators(capacity),
    ...session(use),
    ...(hops === undefined || hops === 0
      ? []
      : [entry("chain", { maxHops: hops }, "the longest chain of credentials that was seen")]),
    ...(endpoints.length === 0 ? [] : [entry("origin", { vpcEndpoints: endpoints }, "every call came through these")]),
    ...part("mayInvoke", [...callees].filter((one) => /^(?:agent|gateway):[\w.-]{1,100}$/.test(one)).sort(), asked),
  ];
}

const asked = "agents and gateways that it asked";

const part = (key: string, values: readonly string[], note: string): readonly NotedEntry[] =>
  values.length === 0 ? [] : [entry(key, values, note)];

const entry = (key: string, value: Parameters<typeof noted>[0], note: string): NotedEntry => ({
  key,
  notes: [note],
  value: noted(value),
});

const arnOfModel = /^arn:[^:]*:bedrock:[^:]*:[^:]*:(foundation-model|inference-profile)\/([^/]+)$/;

/** Ids without the Region's prefix of a profile. What does not name a model (an endpoint, a model of one's own) is no model's id. */
function modelsIn({ models }: Use, profiles: readonly string[]): readonly string[] {
  const ids = [...models.keys()].flatMap((asked) => {
    const id = arnOfModel.exec(asked)?.[2] ?? asked;
    const name = id.slice((profiles.find((start) => id.startsWith(start)) ?? "").length);
    return /^[\w.:-]{1,256}$/.test(name) && name.includes(".") ? [name] : [];
  });
  return [...new Set(ids)].sort();
}

const secretsIn = ({ secrets }: Use): readonly string[] =>
  generalise(secrets.keys(), "without-endings").patterns.filter(isSecret);

const isSecret = (arn: string): boolean =>
  arnProblem(arn, { service: ["secretsmanager", "ssm"], resource: "", scope: "regional", sample: "" }) === undefined;

function endpointsIn({ endpoints, elsewhere }: Use): readonly string[] {
  const ids = [...endpoints.keys()].sort();
  const few = elsewhere === 0 && ids.length <= mostEndpoints && ids.every((one) => /^vpce-[0-9a-z]{1,32}$/.test(one));
  return few ? ids : [];
}

function accelerators(capacity: CapacityUse | undefined): readonly NotedEntry[] {
  if (capacity === undefined || capacity.families.size === 0) return [];
  const most = capacity.instances === 0 ? {} : { maxInstances: Math.min(capacity.instances, 1_000_000) };
  const families = [...capacity.families].filter((one) => /^[a-z0-9-]{1,32}$/.test(one)).sort();
  return [entry("accelerators", { families, ...most }, "asked for in calls; the number is the most of one call")];
}

/** AWS gives sessions of 15 minutes to 36 hours. */
function session({ sessionSeconds }: Use): readonly NotedEntry[] {
  return sessionSeconds < 1
    ? []
    : [
        entry(
          "session",
          { maxSeconds: Math.min(Math.ceil(sessionSeconds), 129_600) },
          "the longest session that it asked for",
        ),
      ];
}
