import type { ApiCall, EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import { at, fields, list, text } from "../../event/json.ts";
import type { Principal } from "../../event/principal.ts";
import { calls, type Watch } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import { unqualified } from "../declared.ts";
import { isServiceItself } from "./issuing-service.ts";

/** What was asked to act. */
export type AskedKind = "agent-runtime" | "bedrock-agent" | "gateway" | "tool" | "workload-identity";

/**
 * One recorded call by which somebody had an agent, a gateway or a tool act. No credential is handed over: who is asked acts
 * with its own, so this says who began it and proves nothing about who acts.
 */
export interface Delegation {
  readonly kind: AskedKind;
  /** Who asked: the signer or, where a gateway or an agent calls its tool, that resource's ARN. */
  readonly asker: Asker;
  /** The ARN of what was asked, without version, alias or endpoint. */
  readonly asked: string;
  /** The session that was asked for. The caller may choose it. */
  readonly sessionId?: string;
  readonly account: string;
  readonly at: Instant;
  readonly eventID: EventId;
  /** The field that names what was asked. */
  readonly field: string;
  /** What the copies of one call in two accounts share. */
  readonly sharedEventID?: string;
}

export type Asker =
  | { readonly kind: "principal"; readonly principal: Principal }
  | { readonly kind: "resource"; readonly arn: string };

/** The calls that ask an agent or a gateway, or take a token of an agent's identity. All but the tokens are data events. */
export const delegationWatches: Watch & { readonly kind: "calls" } = {
  kind: "calls",
  apis: [
    "bedrock-agentcore:GetWorkloadAccessToken",
    "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
    "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
    "bedrock-agentcore:InvokeAgentRuntime",
    "bedrock-agentcore:InvokeGateway",
    "bedrock:InvokeAgent",
  ],
};

/**
 * A gateway's or an agent's call of a Lambda tool. Read where a trail has it, never asked of the bus: an account's Lambda
 * invocations are far too many for the few that an agent makes.
 */
export const toolWatches: Watch = calls("lambda:Invoke");

/** Whom a call asked to act, whatever came of it; nothing when the record does not name them. */
export function delegationOf(call: ApiCall): Delegation | undefined {
  switch (call.api) {
    case "bedrock-agentcore:InvokeAgentRuntime":
      return agentRuntime(call);
    case "bedrock-agentcore:InvokeGateway":
      return said(call, { kind: "gateway", ...beside(call, "AWS::BedrockAgentCore::Gateway") });
    case "bedrock:InvokeAgent":
      return agent(call);
    case "lambda:Invoke":
      return tool(call);
    case "bedrock-agentcore:GetWorkloadAccessToken":
    case "bedrock-agentcore:GetWorkloadAccessTokenForJWT":
    case "bedrock-agentcore:GetWorkloadAccessTokenForUserId":
      return workloadIdentity(call);
    default:
      return undefined;
  }
}

/** Under which key an asked session is found again. */
export const askedKey = (account: string, sessionId: string): string => `asked ${account} ${sessionId}`;

export const askedKeysOf = ({ account, sessionId }: Delegation): readonly string[] =>
  sessionId === undefined ? [] : [askedKey(account, sessionId)];

/** What is known of who asked whom. */
export interface Asks {
  /** The calls that asked for this session, oldest first. */
  ofSession(account: string, sessionId: string): readonly Delegation[];
  /** For each asker of this resource the first and the last time it asked, by the first, then by event id. */
  ofResource(arn: string): readonly AskedOver[];
}

export interface AskedOver {
  readonly first: Delegation;
  readonly last: Delegation;
}

/** By time, then by event id: the order that all ways of reading the records agree on. */
export const byTime = (a: Delegation, b: Delegation): number =>
  a.at - b.at || (a.eventID < b.eventID ? -1 : a.eventID > b.eventID ? 1 : 0);

interface Shown {
  readonly kind: AskedKind;
  readonly asked: string;
  readonly field: string;
  readonly sessionId?: string;
  readonly asker?: Asker;
}

function said(call: ApiCall, { asked, sessionId, asker, ...shown }: Shown): Delegation | undefined {
  if (!asked) return undefined;
  return {
    ...shown,
    asked,
    asker: asker ?? { kind: "principal", principal: call.principal },
    ...(sessionId ? { sessionId } : {}),
    account: parseArn(asked)?.account ?? call.account ?? "",
    at: call.at,
    eventID: call.id,
    ...(call.sharedEventId === undefined ? {} : { sharedEventID: call.sharedEventId }),
  };
}

/** The caller chooses the session's id or AgentCore does; the answer names it either way. */
function agentRuntime(call: ApiCall): Delegation | undefined {
  const named = text(call.request["agentRuntimeArn"]);
  const found = named
    ? { asked: named, field: "requestParameters.agentRuntimeArn" }
    : beside(call, "AWS::BedrockAgentCore::Runtime");
  return said(call, {
    kind: "agent-runtime",
    asked: found.asked.split("/runtime-endpoint/")[0] ?? "",
    field: found.field,
    sessionId: text(call.response["runtimeSessionId"]) || text(call.request["runtimeSessionId"]),
  });
}

/** `agent-alias/<agent>/<alias>` among the resources, or the agent's id in the request. */
function agent(call: ApiCall): Delegation | undefined {
  const { asked: alias, field } = beside(call, "AWS::Bedrock::AgentAlias");
  const arn = parseArn(alias);
  const id = arn?.resource.split("/")[1] ?? text(call.request["agentId"]);
  const account = arn?.account ?? call.account;
  if (!id || !account) return undefined;
  return said(call, {
    kind: "bedrock-agent",
    asked: `arn:${arn?.partition ?? call.partition}:bedrock:${arn?.region ?? call.region}:${account}:agent/${id}`,
    field: arn === undefined ? "requestParameters.agentId" : field,
    sessionId: text(call.request["sessionId"]),
  });
}

/** AWS writes for which gateway or agent the service called (`inScopeOf.sourceArn`); without it the signer asked. */
function tool(call: ApiCall): Delegation | undefined {
  const { principal, record } = call;
  const service = principal.kind === "aws-service" ? principal.service : (principal.invokedBy ?? "");
  if (!callers.some((one) => isServiceItself({ kind: "aws-service", service }, one))) return undefined;
  const source = text(at(record, "userIdentity", "inScopeOf", "sourceArn"));
  const { asked, field } = beside(call, "AWS::Lambda::Function");
  if (source === "" && principal.kind === "aws-service") return undefined;
  return said(call, {
    kind: "tool",
    asked: unqualified(asked),
    field,
    ...(source === "" ? {} : { asker: { kind: "resource", arn: source } }),
  });
}

const callers = ["bedrock", "bedrock-agentcore"] as const;

function workloadIdentity(call: ApiCall): Delegation | undefined {
  const name = text(call.request["workloadName"]);
  if (!/^[\w.-]{3,255}$/.test(name) || call.account === undefined) return undefined;
  return said(call, {
    kind: "workload-identity",
    asked: `arn:${call.partition}:bedrock-agentcore:${call.region}:${call.account}:workload-identity-directory/default/workload-identity/${name}`,
    field: "requestParameters.workloadName",
  });
}

/** What the record lists beside its parameters, by CloudFormation type. */
function beside({ record }: ApiCall, type: string): { readonly asked: string; readonly field: string } {
  const resources = list(record["resources"]).map((one) => fields(one));
  const place = resources.findIndex((one) => text(one["type"]) === type);
  return { asked: text(resources[place]?.["ARN"]), field: `resources[${place}].ARN` };
}
