import type { Principal } from "../../event/principal.ts";
import type { AskedBy } from "../attribution.ts";
import { unqualified } from "../declared.ts";
import type { Holder } from "../resolver.ts";
import { begunBy, isRoleSession, placedIn, writtenAs } from "../role-session.ts";
import { conventionOf, idIn } from "../session-convention.ts";
import type { Registry } from "../workload.ts";
import { holderText } from "./chain.ts";
import type { AskedOver, Asker, Asks, Delegation } from "./delegation.ts";

/** Nobody reads more askers of one holder, or a longer row of them; a busy gateway has thousands. */
const mostAskers = 5;
const mostLevels = 4;
const mostInAll = 20;

/** Who a signer is, without who asked it. */
export interface Named {
  readonly id: string;
  readonly chain: readonly Holder[];
}

interface Walk {
  readonly asks: Asks;
  readonly registry: Registry;
  readonly nameOf: (principal: Principal) => Named;
  /** Calls that were followed before: a ring of agents ends where it closes. */
  readonly followed: Set<string>;
}

/**
 * Who asked the holder that is nearest to the record and was asked by anybody, and who asked them. At most 5 for each, 4
 * levels, 20 in all. This is no credential: it changes neither who acted nor what may be contained.
 */
export function askedBy(
  chain: readonly Holder[],
  known: Pick<Walk, "asks" | "registry" | "nameOf">,
): readonly AskedBy[] {
  return askersOf(chain, { ...known, followed: new Set() }, 1);
}

function askersOf(chain: readonly Holder[], walk: Walk, level: number): readonly AskedBy[] {
  for (const holder of chain) {
    const found = asksOf(holder, walk.asks);
    if (found.length > 0) return followed(found, walk, level);
  }
  return [];
}

interface Ask {
  readonly delegation: Delegation;
  readonly class: AskedBy["class"];
}

function followed(found: readonly Ask[], walk: Walk, level: number): readonly AskedBy[] {
  const fresh = found.filter(({ delegation }) => !walk.followed.has(delegation.eventID));
  const some = fresh.slice(0, Math.min(mostAskers, mostInAll - walk.followed.size));
  for (const { delegation } of some) walk.followed.add(delegation.eventID);
  return some.map(({ delegation, class: how }): AskedBy => {
    const { id, principal, behind } = askerIn(delegation, walk, level);
    return {
      id,
      principal,
      asked: delegation.asked,
      eventID: delegation.eventID,
      field: delegation.field,
      class: how,
      ...(delegation.sessionId === undefined ? {} : { sessionId: delegation.sessionId }),
      ...(behind.length === 0 ? {} : { askedBy: behind }),
    };
  });
}

interface Found {
  readonly id: string;
  readonly principal: string;
  readonly behind: readonly AskedBy[];
}

function askerIn({ asker, at }: Delegation, walk: Walk, level: number): Found {
  if (asker.kind === "resource") {
    const behind =
      level < mostLevels ? followed(during(walk.asks.ofResource(asker.arn), at - run, at), walk, level + 1) : [];
    return { id: resourceId(asker, walk.registry), principal: asker.arn, behind };
  }
  const { id, chain } = walk.nameOf(asker.principal);
  const behind = level < mostLevels ? askersOf(chain, walk, level + 1) : [];
  return { id, principal: holderText(asker.principal), behind };
}

function resourceId({ arn }: Extract<Asker, { kind: "resource" }>, registry: Registry): string {
  if (arn.includes(":gateway/")) return `gateway:${arn}`;
  return registry.selecting("bedrockAgent", writtenAs(arn))?.manifest.name ?? `bedrock-agent:${arn}`;
}

/** A call of an agent or a tool lasts no longer than this; AgentCore's sessions and Lambda's credentials live for hours. */
const run = 15 * 60_000;
const longestSession = 12 * 3_600_000;

function asksOf(holder: Holder, asks: Asks): readonly Ask[] {
  if (!isRoleSession(holder)) return [];
  const { session, role, account = "" } = holder.principal;
  if (conventionOf(session.name) === "agentcore") {
    const begun = begunBy(holder, "bedrock-agentcore");
    if (begun === "by-another") return [];
    const runtimes = placedIn(holder, "agentcore-runtime").map((one) => one.resource);
    return distinct(asks.ofSession(account, idIn(session.name)))
      .filter(({ kind, asked }) => kind === "agent-runtime" && (runtimes.length === 0 || runtimes.includes(asked)))
      .map((delegation) => ({
        delegation,
        // Anybody may name a session so: the id counts where AgentCore asked for the session, or works with the role.
        class: begun === "by-service" || runtimes.length > 0 ? "indexed" : "inferred",
      }));
  }
  const began = session.startedAt;
  const scope = session.inScopeOf;
  if (began === undefined) return [];
  if (scope?.issuerType === "AWS::Lambda::Function")
    return during(asks.ofResource(unqualified(scope.credentialsIssuedTo)), began, began + longestSession);
  const [agent, ...others] = holder.placements.ofRole(role);
  return agent?.kind === "bedrock-agent" && others.length === 0
    ? during(asks.ofResource(agent.resource), began - run, began + longestSession)
    : [];
}

/** Asked in this time: a likely beginning, and no more than that. */
const during = (asked: readonly AskedOver[], from: number, to: number): readonly Ask[] =>
  asked
    .filter(({ first, last }) => last.at >= from && first.at <= to)
    .map(({ first, last }) => ({ delegation: first.at < from && last.at <= to ? last : first, class: "inferred" }));

/** The first call of each asker. Of a call across accounts, the copy that names the asker stands for both. */
function distinct(found: readonly Delegation[]): readonly Delegation[] {
  const named = new Set(found.flatMap((one) => (isAnonymous(one) ? [] : (one.sharedEventID ?? []))));
  const first = new Map<string, Delegation>();
  for (const one of found) {
    if (isAnonymous(one) && one.sharedEventID !== undefined && named.has(one.sharedEventID)) continue;
    const who = askerText(one.asker);
    if (!first.has(who)) first.set(who, one);
  }
  return [...first.values()];
}

const isAnonymous = ({ asker }: Delegation): boolean =>
  asker.kind === "principal" && asker.principal.kind === "aws-account";

/** What tells askers apart. */
export const askerText = (asker: Asker): string =>
  asker.kind === "resource" ? asker.arn : holderText(asker.principal);
