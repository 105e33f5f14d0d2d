import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";

/** What a call says of the network that something agents run in stands in: nothing is known of it once it is gone. */
export interface NetworkPlace {
  /** The thing, the same for calls that make it and calls that delete it: kind, account, Region and name. */
  readonly thing: readonly [kind: string, account: string, region: string, name: string];
  readonly state: "gone" | "public" | "closed";
  /** As recorded: PUBLIC, SANDBOX or VPC. */
  readonly mode: string;
}

interface Source {
  readonly kind: string;
  readonly deletes: boolean;
  /** Where the request has the name; the id of what is deleted or changed is the name, a hyphen and ten characters. */
  readonly name?: string;
  readonly id?: string;
}

/**
 * Runtimes may be moved to another network; browsers and interpreters cannot, and have to be made anew under the same name
 * (AgentCore control plane API reference).
 */
const sources: ReadonlyMap<string, Source> = new Map([
  ["bedrock-agentcore:CreateAgentRuntime", { kind: "runtime", deletes: false, name: "agentRuntimeName" }],
  ["bedrock-agentcore:UpdateAgentRuntime", { kind: "runtime", deletes: false, id: "agentRuntimeId" }],
  ["bedrock-agentcore:DeleteAgentRuntime", { kind: "runtime", deletes: true, id: "agentRuntimeId" }],
  ["bedrock-agentcore:CreateBrowser", { kind: "browser", deletes: false, name: "name" }],
  ["bedrock-agentcore:DeleteBrowser", { kind: "browser", deletes: true, id: "browserId" }],
  ["bedrock-agentcore:CreateCodeInterpreter", { kind: "code interpreter", deletes: false, name: "name" }],
  ["bedrock-agentcore:DeleteCodeInterpreter", { kind: "code interpreter", deletes: true, id: "codeInterpreterId" }],
]);

export const networkApis: readonly [ApiName, ...ApiName[]] = [
  "bedrock-agentcore:CreateAgentRuntime",
  "bedrock-agentcore:UpdateAgentRuntime",
  "bedrock-agentcore:DeleteAgentRuntime",
  "bedrock-agentcore:CreateBrowser",
  "bedrock-agentcore:DeleteBrowser",
  "bedrock-agentcore:CreateCodeInterpreter",
  "bedrock-agentcore:DeleteCodeInterpreter",
];

/** Nothing for other calls, and for those that name no thing or no network. */
export function networkPlace(call: ApiCall): NetworkPlace | undefined {
  const source = sources.get(call.api);
  if (source === undefined || call.account === undefined) return undefined;
  const name =
    source.name === undefined ? namedBy(text(call.request[source.id ?? ""])) : text(call.request[source.name]);
  if (!/^[A-Za-z][\w-]{0,99}$/.test(name)) return undefined;
  const mode = text(at(call.request, "networkConfiguration", "networkMode"));
  const thing = [source.kind, call.account, call.region, name] as const;
  if (source.deletes) return { thing, state: "gone", mode: "" };
  if (mode === "PUBLIC") return { thing, state: "public", mode };
  return mode === "VPC" || mode === "SANDBOX" ? { thing, state: "closed", mode } : undefined;
}

const namedBy = (id: string): string => id.replace(/-[A-Za-z0-9]{10}$/, "");
