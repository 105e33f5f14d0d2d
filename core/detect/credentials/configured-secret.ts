import type { ApiCall } from "../../event/event.ts";
import type { ConfiguredSecret } from "../../event/secret-scan/configured.ts";
import { isArn } from "../../iam/arn.ts";
import { placementsOf } from "../../identity/placement-catalog.ts";
import type { Seen } from "../detector.ts";
import { bareRole } from "../escalation/acting.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";
import { type ConfiguredThing, configuredThings } from "./configured-thing.ts";

/** A secret of a call's configuration; `read`: the configuration was read, or why it was not. */
export interface CalledSecret {
  readonly secret: ConfiguredSecret;
  readonly read: string;
}

/** The configurations that a call which was carried out wrote. One of several alike is enough. */
export const configurationFacts = (call: ApiCall): readonly Fact[] =>
  call.outcome !== "done"
    ? []
    : configuredThings(call)
        .filter(({ arn }) => isArn(arn))
        .slice(0, 1)
        .map(({ arn }): Fact => ({ kind: "configuration", thing: arn, at: call.at }));

/** What the record shows and what was read, each secret once: of two places that differ only in their beginning the first. */
export function foundSecrets(call: ApiCall, facts: Facts): readonly CalledSecret[] {
  const [asked] = configurationFacts(call);
  const answer = asked === undefined ? undefined : facts.get(factKey(asked));
  const read =
    answer === undefined
      ? "the call was not carried out, or names nothing that can be read"
      : answer.kind === "unknown"
        ? answer.because
        : "read";
  const shown = call.configured ?? [];
  const behind = answer?.kind === "configuration" ? answer.secrets : [];
  const known = new Set(shown.map(placeKey));
  return [...shown, ...behind.filter((one) => !known.has(placeKey(one)))].map((secret) => ({ secret, read }));
}

/** The same variable stands deeper in one service's request than in its answer. */
const placeKey = ({ where, fingerprint }: ConfiguredSecret): string =>
  `${where.slice(where.lastIndexOf(".") + 1)} ${fingerprint}`;

/** The declared AI workload that the configuration is for, by the role it works as, or that wrote it; what deploys others is none. */
export function workloadOf({ event, registry, workload }: Seen): string {
  if (event.kind !== "api-call") return "";
  const roles = placementsOf(event).flatMap(({ role }) => role ?? []);
  const declared = [...roles.flatMap((role) => registry.byRole(bareRole(role)) ?? []), ...(workload ? [workload] : [])];
  return declared.find((one) => one.class !== "deployment" && one.class !== "pipeline")?.name ?? "";
}

/** Where one secret was seen. */
export interface Found {
  readonly thing: ConfiguredThing;
  readonly where: string;
  readonly secret: string;
  readonly read: string;
  /** The declared AI workload that it was written for or by; empty where there is none. */
  readonly workload: string;
}

/** A place as a window's member. */
export const foundMark = ({ thing, where, secret, read, workload }: Found): string =>
  JSON.stringify([thing.arn, thing.what, where, secret, read, workload]);

export function foundMarkOf(member: string): Found | undefined {
  const all: unknown = JSON.parse(member);
  if (!Array.isArray(all) || !all.every((one) => typeof one === "string")) return undefined;
  const [arn = "", what = "", where = "", secret = "", read = "", workload = ""] = all;
  return { thing: { arn, what }, where, secret, read, workload };
}
