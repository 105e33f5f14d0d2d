import type { ActionTable } from "../../iam/action-table.ts";
import { parseArn } from "../../iam/arn.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import { nearest } from "../../identity/manifest/nearest.ts";
import { launches } from "../capacity/launches.ts";
import { worthOf } from "./breach-weight.ts";

/** A call that is declared but for one value, and the declared value that was most likely meant. */
export interface NearMiss {
  readonly kind: "region" | "model" | "secret" | "resource";
  readonly asked: string;
  readonly declared: string;
}

/**
 * What was likely meant, where the right action went to the wrong Region, model, secret or thing, and a declared one is
 * near: in the same part of the world, by the same maker, in the same account under nearly the same name. What hands out
 * rights, and capacity in a Region that nobody declared, is never a mistake to be shrugged off.
 */
export function nearMissOf(breach: Breach, conduct: Conduct, table: ActionTable): NearMiss | undefined {
  switch (breach.kind) {
    case "region": {
      const grave = (conduct.checks ?? []).some(({ action }) => launches(action) || worthOf(action, table) === "high");
      const declared = grave ? undefined : sameArea(breach.region, breach.declared);
      return missed("region", breach.region, declared);
    }
    case "model": {
      const declared = sameMaker(breach.model, breach.declared);
      return missed("model", breach.model, declared);
    }
    case "secret": {
      const declared = sameName(breach.secret, breach.declared);
      return missed("secret", breach.secret, declared);
    }
    case "resource": {
      // The secret that is read is its own breach where secrets are declared by name.
      const reads = conduct.secrets?.includes(breach.resource) === true;
      const declared =
        worthOf(breach.action, table) === "high" && !reads ? undefined : sameName(breach.resource, breach.declared);
      return missed("resource", breach.resource, declared);
    }
    case "action":
    case "origin":
    case "session":
    case "grant-not-in-force":
      return undefined;
  }
}

const missed = (kind: NearMiss["kind"], asked: string, declared: string | undefined): NearMiss | undefined =>
  declared === undefined ? undefined : { kind, asked, declared };

/** `us-east-1` and `us-west-2` are taken for each other; `eu-central-1` and `us-east-1` are not. */
function sameArea(region: string, declared: readonly string[]): string | undefined {
  const area = region.slice(0, region.indexOf("-") + 1);
  if (area === "") return undefined;
  return best(
    region,
    declared.filter((one) => one.startsWith(area)),
  );
}

/** The id without ARN and inference profile: its maker, a dot, its own name. */
const modelName = (model: string): string => model.slice(model.lastIndexOf("/") + 1);

function sameMaker(model: string, declared: readonly string[]): string | undefined {
  const parts = modelName(model).split(".");
  return best(
    modelName(model),
    declared.filter((one) => {
      const [maker = "", name] = modelName(one).split(".").slice(-2);
      return name !== undefined && maker !== "" && parts.slice(0, -1).includes(maker);
    }),
  );
}

/** A thing of the same kind in the same account, in any Region, under nearly the same name. */
function sameName(asked: string, declared: readonly string[]): string | undefined {
  const wanted = parseArn(asked);
  if (wanted === undefined) return undefined;
  return best(
    asked,
    declared.filter((one) => {
      const arn = parseArn(one);
      if (arn === undefined || arn.service !== wanted.service || arn.account !== wanted.account) return false;
      return isNear(nameIn(wanted), nameIn(arn));
    }),
  );
}

/** Without `secret:`, `stateMachine:` and the like; buckets have no such word before them. */
const nameIn = ({ service, resource }: { readonly service: string; readonly resource: string }): string =>
  service === "s3" ? resource : resource.slice(resource.search(/[:/]/) + 1);

function isNear(asked: string, pattern: string): boolean {
  const wildcard = pattern.search(/[*?]/);
  const fixed = wildcard < 0 ? pattern : pattern.slice(0, wildcard);
  if (fixed.length < 3) return false;
  if (asked.startsWith(fixed) || nearest(asked, [fixed]) !== undefined) return true;
  // `support-bot-dev/token` for `support-bot-test/*`: most of what is fixed stands there.
  const same = shared(asked, fixed);
  return same >= 6 && 3 * same >= 2 * fixed.length;
}

/** The one that begins most alike; of those the first by name. */
const best = (asked: string, candidates: readonly string[]): string | undefined =>
  candidates.toSorted((a, b) => shared(asked, b) - shared(asked, a) || (a < b ? -1 : 1))[0];

function shared(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
