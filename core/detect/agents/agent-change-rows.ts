import type { ApiName } from "../../iam/identifiers.ts";
import {
  foreignBucket,
  foreignFunction,
  foreignImage,
  hookedIn,
  openToNetwork,
  strangeEndpoint,
} from "./agent-change.ts";
import type { AiRow } from "./ai-row.ts";

const agents = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_${name}.html` as const;
const agentcore = (name: string) =>
  `https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_${name}.html` as const;
const sagemaker = (name: string) =>
  `https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_${name}.html` as const;

interface Change {
  readonly api: ApiName;
  /** The deed, with `{}` for the thing's name, and what stands behind "Somebody tried to". */
  readonly did: string;
  readonly tried: string;
  /** The parameter that names the thing, and what its ARN has before the name. */
  readonly of: readonly [parameter: string, type: string];
  /** What makes it graver than a change by itself. */
  readonly graver?: AiRow["says"];
  /** A change by itself says nothing: it is told only where it is graver. */
  readonly only?: true;
}

const rowsOf = (page: (name: string) => AiRow["source"], changes: readonly Change[]): readonly AiRow[] =>
  changes.map(({ api, did, tried, of: [parameter, type], graver, only }): AiRow => {
    const [service = "", name = ""] = api.split(":");
    const plain = { api, did, tried, severity: "low", named: [parameter], as: `${service}:${type}` } as const;
    const made: AiRow = { ...plain, source: page(name) };
    if (graver === undefined) return made;
    return { ...made, says: (call) => graver(call) ?? (only ? undefined : { path: "eventName", value: call.name }) };
  });

const agent = ["agentId", "agent/"] as const;
const flow = ["flowIdentifier", "flow/"] as const;
const runtime = ["agentRuntimeId", "runtime/"] as const;
const gateway = ["gatewayIdentifier", "gateway/"] as const;
const base = ["knowledgeBaseId", "knowledge-base/"] as const;

/** What agents are told, run, reach and read: whoever changes it makes them somebody else's. */
export const agentChangeRows: readonly AiRow[] = [
  ...rowsOf(agents, [
    {
      api: "bedrock:UpdateAgent",
      did: "An agent was changed, what it is told included: {}",
      tried: "change an agent and what it is told",
      of: agent,
    },
    {
      api: "bedrock:UpdateAgentAlias",
      did: "Another version of an agent answers: {}",
      tried: "have another version of an agent answer",
      of: agent,
    },
    ...(["CreateAgentActionGroup", "UpdateAgentActionGroup"] as const).map(
      (name): Change => ({
        api: `bedrock:${name}`,
        did: "An agent can do other things than before: {}",
        tried: "have an agent do other things",
        of: agent,
        graver: foreignFunction("actionGroupExecutor.lambda"),
      }),
    ),
    ...(["AssociateAgentCollaborator", "UpdateAgentCollaborator"] as const).map(
      (name): Change => ({
        api: `bedrock:${name}`,
        did: "An agent hands work to another than before: {}",
        tried: "have an agent hand work to another",
        of: agent,
      }),
    ),
    {
      api: "bedrock:AssociateAgentKnowledgeBase",
      did: "An agent got another knowledge base: {}",
      tried: "give an agent another knowledge base",
      of: agent,
    },
    ...(["CreateDataSource", "UpdateDataSource"] as const).map(
      (name): Change => ({
        api: `bedrock:${name}`,
        did: "A knowledge base reads from another place than before: {}",
        tried: "have a knowledge base read from another place",
        of: base,
        graver: foreignBucket("dataSourceConfiguration.s3Configuration.bucketOwnerAccountId"),
      }),
    ),
    {
      api: "bedrock:UpdatePrompt",
      did: "A prompt was changed: {}",
      tried: "change a prompt",
      of: ["promptIdentifier", "prompt/"],
    },
    { api: "bedrock:UpdateFlow", did: "A flow was changed: {}", tried: "change a flow", of: flow },
    {
      api: "bedrock:UpdateFlowAlias",
      did: "Another version of a flow runs: {}",
      tried: "have another version of a flow run",
      of: flow,
    },
  ]),
  ...rowsOf(agentcore, [
    {
      api: "bedrock-agentcore:CreateAgentRuntime",
      did: "An agent runtime was made",
      tried: "make an agent runtime",
      of: ["agentRuntimeName", "runtime/"],
      graver: foreignImage("agentRuntimeArtifact.containerConfiguration.containerUri"),
      only: true,
    },
    {
      api: "bedrock-agentcore:UpdateAgentRuntime",
      did: "An agent runtime runs something else than before: {}",
      tried: "have an agent runtime run something else",
      of: runtime,
      graver: foreignImage("agentRuntimeArtifact.containerConfiguration.containerUri"),
    },
    {
      api: "bedrock-agentcore:UpdateAgentRuntimeEndpoint",
      did: "Another version of an agent runtime answers: {}",
      tried: "have another version of an agent runtime answer",
      of: runtime,
    },
    {
      api: "bedrock-agentcore:UpdateHarness",
      did: "An agent harness was changed, what it is told included: {}",
      tried: "change an agent harness",
      of: ["harnessId", "harness/"],
    },
    {
      api: "bedrock-agentcore:CreateCodeInterpreter",
      did: "A code interpreter was made",
      tried: "make a code interpreter",
      of: ["name", "code-interpreter-custom/"],
      graver: openToNetwork("Code that an agent runs with a role reaches the whole internet: {}"),
      only: true,
    },
    ...(["CreateGatewayTarget", "UpdateGatewayTarget"] as const).map(
      (name): Change => ({
        api: `bedrock-agentcore:${name}`,
        did: "A gateway offers agents other tools than before: {}",
        tried: "have a gateway offer agents other tools",
        of: gateway,
        graver: strangeEndpoint,
      }),
    ),
    {
      api: "bedrock-agentcore:UpdateRegistryRecordStatus",
      did: "What agents may find in a registry was changed: {}",
      tried: "change what agents may find in a registry",
      of: ["registryId", "registry/"],
    },
    {
      api: "bedrock-agentcore:UpdateWorkloadIdentity",
      did: "Where an agent's identity may be sent back to was changed: {}",
      tried: "change where an agent's identity may be sent back to",
      of: ["name", "workload-identity-directory/default/workload-identity/"],
    },
  ]),
  ...rowsOf(sagemaker, [
    ...(
      [
        ["UpdateDomain", "domainId", "domain/", "defaultUserSettings"],
        ["CreateUserProfile", "userProfileName", "user-profile/", "userSettings"],
        ["UpdateUserProfile", "userProfileName", "user-profile/", "userSettings"],
        ["CreateSpace", "spaceName", "space/", "spaceSettings"],
        ["UpdateSpace", "spaceName", "space/", "spaceSettings"],
        ["CreateApp", "appName", "app/", "resourceSpec"],
      ] as const
    ).map(
      ([name, parameter, type, settings]): Change => ({
        api: `sagemaker:${name}`,
        did: "A Studio runs commands of somebody's when it starts: {}",
        tried: "have a Studio run commands when it starts",
        of: [parameter, type],
        graver: hookedIn(settings),
        only: true,
      }),
    ),
  ]),
];
