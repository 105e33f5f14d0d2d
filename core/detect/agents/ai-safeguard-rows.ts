import type { ApiCall } from "../../event/event.ts";
import { at, fields, isObject, type JsonObject, list, text } from "../../event/json.ts";
import { isFalse, type Said, when } from "../watch/watch-row.ts";
import type { AiRow } from "./ai-row.ts";

const bedrock = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/APIReference/API_${name}.html` as const;
const agentcore = (name: string) =>
  `https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_${name}.html` as const;
const guardrail = { named: ["guardrailIdentifier"], as: "bedrock:guardrail/" } as const;
const gateway = { named: ["gatewayIdentifier"], as: "bedrock-agentcore:gateway/" } as const;
const policies = { named: ["policyEngineId"], as: "bedrock-agentcore:policy-engine/" } as const;
const evaluation = {
  named: ["onlineEvaluationConfigId"],
  as: "bedrock-agentcore:online-evaluation-config/",
} as const;

/** The call itself, where nothing in its parameters makes it graver or milder. */
const itself = ({ name }: ApiCall): Said => ({ path: "eventName", value: name });

/** Calls after which models and agents are held back, looked at or logged less than before. */
export const aiSafeguardRows: readonly AiRow[] = [
  {
    api: "bedrock:DeleteGuardrail",
    did: "A guardrail was deleted: {}",
    tried: "delete a guardrail",
    severity: "medium",
    ...guardrail,
    says: (call) =>
      when("guardrailVersion", (version) => text(version) !== "", {
        severity: "low",
        did: "One version of a guardrail was deleted: {}",
        tried: "delete one version of a guardrail",
      })(call) ?? itself(call),
    source: bedrock("DeleteGuardrail"),
  },
  {
    api: "bedrock:UpdateGuardrail",
    did: "A guardrail was changed: {}",
    tried: "change a guardrail",
    severity: "low",
    ...guardrail,
    says: (call) => loosened(call) ?? itself(call),
    source: bedrock("UpdateGuardrail"),
  },
  {
    api: "bedrock:DeleteEnforcedGuardrailConfiguration",
    did: "The guardrail that holds for every call to a model is no longer enforced",
    tried: "take off the guardrail that holds for every call to a model",
    severity: "high",
    floor: "medium",
    named: ["configId"],
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html",
  },
  {
    api: "bedrock:DeleteModelInvocationLoggingConfiguration",
    did: "Calls to models are no longer logged",
    tried: "stop the log of calls to models",
    severity: "high",
    floor: "medium",
    named: [],
    source: bedrock("DeleteModelInvocationLoggingConfiguration"),
  },
  {
    api: "bedrock:PutModelInvocationLoggingConfiguration",
    did: "The log of calls to models leaves things out",
    tried: "have things left out of the log of calls to models",
    severity: "medium",
    named: [],
    says: thinned,
    source: bedrock("PutModelInvocationLoggingConfiguration"),
  },
  {
    api: "bedrock-agentcore:UpdateGateway",
    did: "Gateway {} lets more through than before",
    tried: "have a gateway let more through",
    severity: "medium",
    ...gateway,
    says: (call) => openedTo(call) ?? unpoliced(call),
    source: agentcore("UpdateGateway"),
  },
  {
    api: "bedrock-agentcore:CreateGateway",
    did: "A gateway was made: {}",
    tried: "make a gateway",
    severity: "medium",
    named: ["name"],
    as: "bedrock-agentcore:gateway/",
    says: openedTo,
    source: agentcore("CreateGateway"),
  },
  ...(["DeletePolicyEngine", "DeletePolicy"] as const).map(
    (name): AiRow => ({
      api: `bedrock-agentcore:${name}`,
      did:
        name === "DeletePolicy"
          ? "A policy over what agents may do was deleted in engine {}"
          : "The engine of policies over what agents may do was deleted: {}",
      tried: `delete ${name === "DeletePolicy" ? "a policy" : "the engine of policies"} over what agents may do`,
      severity: "medium",
      ...policies,
      source: agentcore(name),
    }),
  ),
  {
    api: "bedrock-agentcore:UpdatePolicy",
    did: "A policy over what agents may do was changed in engine {}",
    tried: "change a policy over what agents may do",
    severity: "low",
    ...policies,
    says: (call) =>
      when("validationMode", (mode) => mode === "IGNORE_ALL_FINDINGS", {
        severity: "medium",
        did: "A policy over what agents may do was changed in engine {}, whatever AWS's check of it found",
        tried: "change a policy over what agents may do, whatever AWS's check of it finds",
      })(call) ?? itself(call),
    source: agentcore("UpdatePolicy"),
  },
  {
    api: "bedrock-agentcore:GatewayDisassociateWebACL",
    did: "Gateway {} lost its web application firewall",
    tried: "take a web application firewall off a gateway",
    severity: "medium",
    ...gateway,
    source: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockagentcore.html",
  },
  {
    api: "bedrock-agentcore:DeleteOnlineEvaluationConfig",
    did: "What agents do is no longer evaluated: {} was deleted",
    tried: "stop the evaluation of what agents do",
    severity: "low",
    ...evaluation,
    source: agentcore("DeleteOnlineEvaluationConfig"),
  },
  {
    api: "bedrock-agentcore:UpdateOnlineEvaluationConfig",
    did: "What agents do is no longer evaluated: {} was switched off",
    tried: "switch off the evaluation of what agents do",
    severity: "low",
    ...evaluation,
    says: when("executionStatus", (status) => status === "DISABLED"),
    source: agentcore("UpdateOnlineEvaluationConfig"),
  },
];

const filterLists = [
  ["contentPolicyConfig", "filtersConfig"],
  ["topicPolicyConfig", "topicsConfig"],
  ["wordPolicyConfig", "wordsConfig"],
  ["wordPolicyConfig", "managedWordListsConfig"],
  ["sensitiveInformationPolicyConfig", "piiEntitiesConfig"],
  ["sensitiveInformationPolicyConfig", "regexesConfig"],
  ["contextualGroundingPolicyConfig", "filtersConfig"],
] as const;

/**
 * What an update leaves without effect, where the record shows it: CloudTrail hides most of a guardrail. The filter for
 * prompt attacks never looks at answers (Bedrock user guide, "Detect prompt attacks").
 */
function loosened({ request }: ApiCall): Said | undefined {
  for (const [policy, filters] of filterLists) {
    const off = list(at(request, policy, filters))
      .map(fields)
      .find(blocksNothing);
    if (off !== undefined)
      return {
        path: `requestParameters.${policy}.${filters}`,
        value: text(off["type"]) || text(off["name"]) || "a filter without effect",
        severity: "medium",
        did: "A guardrail was weakened: {} has a filter that blocks nothing",
        tried: "have a filter of a guardrail block nothing",
      };
  }
  return undefined;
}

const blocksNothing = (one: JsonObject): boolean =>
  one["action"] === "NONE" ||
  isFalse(one["enabled"] ?? null) ||
  isOff(one, "input") ||
  (one["type"] !== "PROMPT_ATTACK" && isOff(one, "output"));

const isOff = (one: JsonObject, side: "input" | "output"): boolean =>
  one[`${side}Strength`] === "NONE" || one[`${side}Action`] === "NONE" || isFalse(one[`${side}Enabled`] ?? null);

/** Whoever reads the log cannot see text that is not delivered; pictures and vectors are left out by many on purpose. */
function thinned({ request }: ApiCall): Said | undefined {
  const config = request["loggingConfig"];
  if (!isObject(config)) return undefined;
  const path = "requestParameters.loggingConfig";
  if (!isObject(config["cloudWatchConfig"]) && !isObject(config["s3Config"]))
    return {
      path,
      value: Object.keys(config),
      severity: "high",
      did: "The log of calls to models goes nowhere",
      tried: "have the log of calls to models go nowhere",
    };
  return isFalse(config["textDataDeliveryEnabled"] ?? null)
    ? {
        path: `${path}.textDataDeliveryEnabled`,
        value: false,
        did: "The log of calls to models no longer has what was asked and answered",
        tried: "have the log of calls to models leave out what was asked and answered",
      }
    : undefined;
}

function openedTo(call: ApiCall): Said | undefined {
  return when("authorizerType", (type) => type === "NONE", {
    severity: "high",
    did: "Gateway {} asks nobody who they are: all its tools are open to everybody",
    tried: "have a gateway ask nobody who they are",
  })(call);
}

/** An update says all that a gateway is; a policy engine that it does not name may never have been there. */
function unpoliced(call: ApiCall): Said | undefined {
  if (call.request["policyEngineConfiguration"] === null)
    return {
      path: "requestParameters.policyEngineConfiguration",
      value: null,
      severity: "high",
      did: "Gateway {} lost its policy engine: agents may call every tool",
      tried: "take the policy engine off a gateway",
    };
  return when("policyEngineConfiguration.mode", (mode) => mode === "LOG_ONLY", {
    did: "The policies of gateway {} are only logged: agents may call every tool",
    tried: "have the policies of a gateway only logged",
  })(call);
}
