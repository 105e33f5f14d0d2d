import type { Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, writtenAs } from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";

export const bedrockAgent: Resolver = {
  id: "bedrock-agent",
  summary:
    "The agent's own record (`CreateAgent`, `UpdateAgent`) shows its role; a role that works in one agent and nowhere else is that agent. How Bedrock names these sessions is not documented, so their names are not used.",
  watches: [],
  resolve(holder) {
    if (!isRoleSession(holder) || begunBy(holder, "bedrock") === "by-another") return undefined;
    const { principal, placements, registry } = holder;
    const [agent, ...others] = placements.ofRole(principal.role);
    if (agent?.kind !== "bedrock-agent" || others.length > 0) return undefined;
    if (conventionOf(principal.session.name) !== undefined) return undefined;
    return declared(
      holder,
      {
        id: `bedrock-agent:${agent.resource}`,
        class: "indexed",
        because: "the role works in this agent, and in nothing else that was seen",
      },
      registry.selecting("bedrockAgent", writtenAs(agent.resource)),
    );
  },
};
