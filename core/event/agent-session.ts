import type { ApiName } from "../iam/identifiers.ts";
import type { Watch } from "./watch.ts";

/** What stands in `userIdentity.principalId` of what AgentCore runs: `AROA…:BedrockAgentCore-<session id>`. */
const mark = ":BedrockAgentCore-";

/** The same as EventBridge matches it. */
export const agentSessionPattern = `*${mark}*`;

/** Whether a session is named as AgentCore names them. Anybody may choose such a name: it says what to look at, never what to believe. */
export const inAgentSession = (principalId: unknown): boolean =>
  typeof principalId === "string" && principalId.includes(mark);

export const agentCalls = (...apis: readonly [ApiName, ...ApiName[]]): Watch & { readonly kind: "agent-calls" } => ({
  kind: "agent-calls",
  apis,
});
