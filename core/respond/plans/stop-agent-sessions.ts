import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";

/** Stops named sessions of an AgentCore runtime. */
export const stopAgentSessions = definePlanner({
  id: "stop-agent-sessions",
  title: "Stop sessions of an AgentCore runtime",
  target: "the runtime's ARN",
  only: "the ids of the sessions",
  classes: ["agent", "orchestration"],
  families: [
    "ai-abuse",
    "privilege-drift",
    "secret-sprawl",
    "identity",
    "exposure",
    "gpu-scaling",
    "tampering",
    "external",
    "custom",
  ],
  sets: [{ slot: "run", to: ["stopped"], tier: 2 }],
  sideEffects: [
    "whoever talks to the agent in these sessions loses the conversation and what the sessions had in memory",
  ],
  notStopped: [
    "the runtime takes new sessions, under the same ids too: contain its role, or pause what calls it",
    "tokens that the credential providers have given the agent stay valid until they expire at their issuers",
    "what the agent has told other agents to do",
  ],
  undo: "none: a stopped session stays stopped, the next call opens a new one",
  reads: ({ only }, target) => (only ?? []).map((session) => runOf(target.arn, session)),
  draft(request) {
    const { arn } = request.snapshot.target;
    if (parseArn(arn)?.service !== "bedrock-agentcore") return refused("it is no AgentCore runtime");
    const { only } = request.action;
    if (only === undefined) return refused("it does not say which sessions");
    return drafted(
      ...only.map((session) => ({
        change: setting(request, runOf(arn, session), "stopped"),
        tier: 2 as const,
        does: `stops the session ${session}`,
      })),
    );
  },
});

const runOf = (arn: string, session: string): Slot => ({ kind: "run", service: "agentcore", arn, session });
