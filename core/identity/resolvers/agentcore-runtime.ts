import { calls } from "../../event/watch.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, namingAll, placedIn, type RoleSession, writtenAs } from "../role-session.ts";
import { conventionOf, idIn } from "../session-convention.ts";

export const agentcoreRuntime: Resolver = {
  id: "agentcore-runtime",
  summary:
    "AgentCore asks for the session itself and names it `BedrockAgentCore-<session id>`. A runtime's records show that the role works there, `InvokeAgentRuntime` which runtime the session was asked for; the name alone is a guess, even one that names a real session.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const begun = begunBy(holder, "bedrock-agentcore");
    if (conventionOf(holder.principal.session.name) !== "agentcore" || begun === "by-another") return undefined;
    const session = idIn(holder.principal.session.name);
    const runtimes = runtimesOf(holder, session, begun === "by-service");
    const how = begun === "by-service" ? linked : runtimes.length > 0 ? indexed(runtimes) : inferred;
    return declared(
      holder,
      { id: `agentcore:${holder.principal.role}/${session}`, ...how },
      namingAll(runtimes, (one) => holder.registry.selecting("agentCoreRuntime", writtenAs(one))),
    );
  },
};

type How = Pick<Claim, "class" | "because">;

const linked: How = {
  class: "linked",
  because: "AgentCore asked for this session under the id of a runtime's session",
};
const indexed = (runtimes: readonly string[]): How => ({
  class: "indexed",
  because: `the session is named as AgentCore names them, and its role is that of ${runtimes.length === 1 ? runtimes[0] : `${runtimes.length} runtimes`}`,
});
const inferred: How = {
  class: "inferred",
  because: "the session is named as AgentCore names them, and nothing shows that its role works there",
};

/**
 * The runtime that the session was asked for, when its role is this one or AgentCore itself vouches for the session; else
 * all runtimes with the role.
 */
function runtimesOf(holder: RoleSession, session: string, vouched: boolean): readonly string[] {
  const run = holder.placements.ofRun("agentcore-runtime", holder.principal.account ?? "", session);
  const runtimes = placedIn(holder, "agentcore-runtime").map((one) => one.resource);
  return run !== undefined && (vouched || runtimes.includes(run.resource)) ? [run.resource] : runtimes;
}
