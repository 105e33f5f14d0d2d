import { isGlobal } from "../../iam/global-services.ts";
import { addressOf, inNetwork, type Network, networkOf } from "../../iam/network.ts";
import type { Conduct, Origin } from "../conduct.ts";
import type { Envelope } from "../workload.ts";
import type { Breach } from "./envelope-verdict.ts";

/** What one part of an envelope says of a conduct: nothing, that it is as declared, or how it is not. */
export type Limit = "unlimited" | "declared" | Breach;

/** The parts of an envelope beside its statements, ready for many calls. */
export interface Limits {
  region(conduct: Conduct): Limit;
  model(conduct: Conduct): Limit;
  /** The first secret that is not declared. */
  secret(conduct: Conduct): Limit;
  origin(conduct: Conduct): Limit;
  session(conduct: Conduct): Limit;
}

/** `profiles`: how ids of cross-Region inference profiles begin. */
export function limitsOf(envelope: Envelope, profiles: readonly string[]): Limits {
  const { regions, models, secrets, session } = envelope;
  const from = envelope.origin === undefined ? undefined : originTest(envelope.origin);
  return {
    region(conduct) {
      if (regions === undefined || regionless(conduct)) return "unlimited";
      if (regions.includes(conduct.region)) return "declared";
      return { kind: "region", region: conduct.region, declared: shown(regions) };
    },
    model({ model }) {
      if (models === undefined || model === undefined) return "unlimited";
      const asked = modelOf(model, profiles);
      if (models.some((pattern) => asked.names.some((name) => matches(pattern, name)))) return "declared";
      return asked.told ? { kind: "model", model, declared: shown(models) } : "unlimited";
    },
    secret({ secrets: read = [] }) {
      if (secrets === undefined || read.length === 0) return "unlimited";
      const strange = read.find((one) => !secrets.some((declared) => matchesSecret(declared, one)));
      return strange === undefined ? "declared" : { kind: "secret", secret: strange, declared: shown(secrets) };
    },
    origin({ origin }) {
      // A service that acts with the workload's session says that it did, and comes from its own addresses.
      if (from === undefined || origin === undefined || origin.kind === "service") return "unlimited";
      return from.holds(origin)
        ? "declared"
        : { kind: "origin", origin: origin.kind === "address" ? origin.address : origin.id, declared: from.declared };
    },
    session({ sessionSeconds }) {
      if (session === undefined || sessionSeconds === undefined) return "unlimited";
      return sessionSeconds <= session.maxSeconds
        ? "declared"
        : { kind: "session", seconds: sessionSeconds, limit: session.maxSeconds };
    },
  };
}

/** Lists for people end somewhere. */
export const shown = (declared: readonly string[]): readonly string[] => declared.slice(0, 20);

/** A call to a service of the whole partition is recorded where AWS keeps the service. */
const regionless = ({ api, checks = [] }: Conduct): boolean =>
  isGlobal(api) || (checks.length > 0 && checks.every(({ action }) => isGlobal(action)));

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

interface AskedModel {
  /** What a declaration may call it by. */
  readonly names: readonly string[];
  /** False where the name does not say which model it is: a provisioned or imported one, a profile of one's own, an endpoint. */
  readonly told: boolean;
}

const arnOfModel = /^arn:[^:]*:bedrock:[^:]*:[^:]*:([a-z-]+)\/(.+)$/;

function modelOf(text: string, profiles: readonly string[]): AskedModel {
  const [, type = "foundation-model", id = text] = arnOfModel.exec(text) ?? [];
  const prefix = profiles.find((start) => id.startsWith(start)) ?? "";
  const names = [...new Set([text, id, id.slice(prefix.length)])];
  const named = type === "foundation-model" || type === "inference-profile";
  // A model's id is its provider's name, a dot, and its own.
  return { names, told: named && !id.startsWith("arn:") && id.slice(prefix.length).includes(".") };
}

/**
 * Secrets come without the six random characters that Secrets Manager adds; who declares one may have left room for them
 * (`bot-*`, `bot-??????` is not taken by manifests) or have written them.
 */
function matchesSecret(declared: string, secret: string): boolean {
  if (matches(declared, secret) || matches(declared, `${secret}-`)) return true;
  return declared.startsWith(`${secret}-`) && /^[A-Za-z0-9]{6}$/.test(declared.slice(secret.length + 1));
}

interface OriginTest {
  readonly declared: readonly string[];
  holds(origin: Exclude<Origin, { kind: "service" }>): boolean;
}

/** A call has to come through a declared endpoint or from a declared block; where only one of the two is declared, through that. */
function originTest({ vpcEndpoints = [], cidrs = [] }: NonNullable<Envelope["origin"]>): OriginTest {
  const networks: readonly Network[] = cidrs.flatMap((text) => networkOf(text) ?? []);
  return {
    declared: shown([...vpcEndpoints, ...cidrs]),
    holds(origin) {
      if (origin.kind === "vpc-endpoint") return vpcEndpoints.includes(origin.id);
      const address = addressOf(origin.address);
      return address === undefined || networks.some((network) => inNetwork(network, address));
    },
  };
}
