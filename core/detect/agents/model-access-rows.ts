import { text } from "../../event/json.ts";
import type { AiRow } from "./ai-row.ts";

const bedrock = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/APIReference/API_${name}.html` as const;
const model = { named: ["modelId"], as: "bedrock:foundation-model/" } as const;

/** A purchase for a month or more cannot be given back. */
const isCommitted = (duration: string): boolean => duration !== "";

/** Calls that open models to an account, or buy capacity for them: whoever steals credentials for their models makes these first. */
export const modelAccessRows: readonly AiRow[] = [
  {
    api: "bedrock:PutUseCaseForModelAccess",
    did: "A use case was handed in to open models to the account",
    tried: "hand in a use case to open models to the account",
    severity: "medium",
    named: [],
    source: bedrock("PutUseCaseForModelAccess"),
  },
  {
    api: "bedrock:CreateFoundationModelAgreement",
    did: "The agreement for model {} was made for the account",
    tried: "make the agreement for a model",
    severity: "medium",
    ...model,
    source: bedrock("CreateFoundationModelAgreement"),
  },
  {
    api: "bedrock:PutFoundationModelEntitlement",
    did: "Model {} was opened to the account",
    tried: "open a model to the account",
    severity: "medium",
    ...model,
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
  },
  {
    api: "bedrock:CreateMarketplaceModelEndpoint",
    did: "An endpoint that costs by the hour was made for a model of the Marketplace",
    tried: "make an endpoint for a model of the Marketplace",
    severity: "medium",
    named: ["modelSourceIdentifier"],
    source: bedrock("CreateMarketplaceModelEndpoint"),
  },
  {
    api: "bedrock:CreateProvisionedModelThroughput",
    did: "Throughput of model {} was bought by the hour",
    tried: "buy throughput of a model",
    severity: "medium",
    ...model,
    says({ request }) {
      const duration = text(request["commitmentDuration"]);
      const path = "requestParameters.commitmentDuration";
      return isCommitted(duration)
        ? {
            path,
            value: duration,
            severity: "high",
            did: "Throughput of model {} was bought for a month or more",
            tried: "buy throughput of a model for a month or more",
          }
        : { path: "requestParameters.modelUnits", value: request["modelUnits"] ?? null };
    },
    source: bedrock("CreateProvisionedModelThroughput"),
  },
  {
    api: "bedrock-mantle:CreateReservation",
    did: "Capacity for models was reserved",
    tried: "reserve capacity for models",
    severity: "medium",
    named: [],
    source:
      "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockpoweredbyawsmantle.html",
  },
  // The same call under the two names that AWS's pages have for its source; what was bought is not always a model.
  ...(["aws-marketplace:AcceptAgreementRequest", "agreement-marketplace:AcceptAgreementRequest"] as const).map(
    (api): AiRow => ({
      api,
      did: "An offer of the Marketplace was accepted",
      tried: "accept an offer of the Marketplace",
      severity: "low",
      named: ["agreementRequestId"],
      source: "https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html",
    }),
  ),
  {
    api: "aws-marketplace:Subscribe",
    did: "A product of the Marketplace was subscribed to",
    tried: "subscribe to a product of the Marketplace",
    severity: "low",
    named: ["productId"],
    source: "https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html",
  },
];
