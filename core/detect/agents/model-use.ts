import type { ApiCall, Outcome } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";

/** What one call has to do with the use of models by somebody who may have no business with them. */
export type ModelUse =
  /** Looked at what there is, or whether calls are logged. */
  | { readonly kind: "looked"; readonly api: string; readonly logging: boolean }
  /** Opened a model to the account. */
  | { readonly kind: "opened"; readonly api: string; readonly model: string }
  /** Asked a model; `refused`: it did not answer, whatever the reason. */
  | { readonly kind: "asked"; readonly model: string; readonly region: string; readonly refused: boolean };

const logging: ApiName = "bedrock:GetModelInvocationLoggingConfiguration";

/** Reads of models and agents (Bedrock API reference); any of them is ordinary by itself. */
export const lookingApis: readonly [ApiName, ...ApiName[]] = [
  logging,
  "bedrock:GetFoundationModelAvailability",
  "bedrock:GetUseCaseForModelAccess",
  "bedrock:ListAgents",
  "bedrock:ListCustomModels",
  "bedrock:ListFoundationModelAgreementOffers",
  "bedrock:ListFoundationModels",
  "bedrock:ListInferenceProfiles",
  "bedrock:ListKnowledgeBases",
  "bedrock:ListProvisionedModelThroughputs",
];

export const openingApis: readonly [ApiName, ...ApiName[]] = [
  "bedrock:CreateFoundationModelAgreement",
  "bedrock:PutFoundationModelEntitlement",
  "bedrock:PutUseCaseForModelAccess",
];

/** Calls to models that are management events. */
export const askingApis: readonly [ApiName, ...ApiName[]] = [
  "bedrock:Converse",
  "bedrock:ConverseStream",
  "bedrock:InvokeModel",
  "bedrock:InvokeModelWithResponseStream",
];

const looking: ReadonlySet<string> = new Set(lookingApis);
const opening: ReadonlySet<string> = new Set(openingApis);
const asking: ReadonlySet<string> = new Set(askingApis);

/** What a call says of it; nothing for other calls, and for what failed because there was too much of it. */
export function modelUse(call: ApiCall): ModelUse | undefined {
  const { api, region, outcome, request } = call;
  const model = text(request["modelId"]).slice(0, longest);
  if (looking.has(api)) return { kind: "looked", api, logging: api === logging };
  if (opening.has(api)) return { kind: "opened", api, model };
  if (!asking.has(api) || busy(call.errorCode)) return undefined;
  return { kind: "asked", model, region, refused: isRefused(outcome) };
}

const isRefused = (outcome: Outcome): boolean => outcome === "denied" || outcome === "failed";

/** The model was there and would have answered (Bedrock API reference, InvokeModel, "Errors"). */
const busy = (errorCode: string | undefined): boolean =>
  errorCode !== undefined &&
  /^(?:Throttling|ServiceUnavailable|InternalServer|ModelTimeout|ModelStreamError|ModelError|ServiceQuotaExceeded)/.test(
    errorCode,
  );

/** ARNs of models and profiles are at most 2,048 characters (Bedrock API reference); ids that tell models apart are far shorter. */
const longest = 256;

/** As the one text that a window keeps. */
export function modelUseMark(use: ModelUse): string {
  switch (use.kind) {
    case "looked":
      return JSON.stringify(["looked", use.api, use.logging]);
    case "opened":
      return JSON.stringify(["opened", use.api, use.model]);
    case "asked":
      return JSON.stringify(["asked", use.model, use.region, use.refused]);
  }
}

/** Reads a mark again; nothing where another version wrote it another way. */
export function modelUseOf(member: string): ModelUse | undefined {
  if (!member.startsWith('["')) return undefined;
  const [kind, one, two, three]: readonly unknown[] = JSON.parse(member);
  if (typeof one !== "string") return undefined;
  if (kind === "looked" && typeof two === "boolean") return { kind, api: one, logging: two };
  if (kind === "opened" && typeof two === "string") return { kind, api: one, model: two };
  if (kind === "asked" && typeof two === "string" && typeof three === "boolean")
    return { kind, model: one, region: two, refused: three };
  return undefined;
}
