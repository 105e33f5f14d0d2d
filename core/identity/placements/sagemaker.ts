import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementKind, PlacementSource } from "../placement.ts";

/**
 * Jobs, notebooks, Studio domains and user profiles with their roles (SageMaker API reference). An endpoint's role is its
 * model's: three calls name the steps, each found by the name of the one before: `model <Region>/<name>`,
 * `config <Region>/<name>`.
 */
export const sagemakerPlacements: PlacementSource = {
  id: "sagemaker",
  watches: calls(
    "sagemaker:CreateDomain",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateModel",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    "sagemaker:CreateUserProfile",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateUserProfile",
  ),
  placementsOf(call) {
    switch (call.api) {
      case "sagemaker:CreateTrainingJob":
        return shown(call, "sagemaker-job", { arn: "trainingJobArn", role: "roleArn" });
      case "sagemaker:CreateProcessingJob":
        return shown(call, "sagemaker-job", { arn: "processingJobArn", role: "roleArn" });
      case "sagemaker:CreateHyperParameterTuningJob":
        return tuningIn(call);
      case "sagemaker:CreateTransformJob":
        return transformIn(call);
      case "sagemaker:CreateNotebookInstance":
        return shown(call, "sagemaker-notebook", { arn: "notebookInstanceArn", role: "roleArn" });
      case "sagemaker:CreateModel":
        return shown(call, "sagemaker-endpoint", { arn: "modelArn", role: "executionRoleArn" });
      case "sagemaker:CreateEndpointConfig":
        return configIn(call);
      case "sagemaker:CreateEndpoint":
      case "sagemaker:UpdateEndpoint":
        return endpointIn(call);
      case "sagemaker:CreateDomain":
        return domainIn(call);
      default:
        return profileIn(call);
    }
  },
};

interface Names {
  readonly arn: string;
  readonly role: string;
}

const shown = (call: ApiCall, kind: PlacementKind, { arn, role }: Names): readonly Placement[] =>
  placed(call, {
    kind,
    resource: text(call.response[arn]),
    role: text(call.request[role]),
    field: `responseElements.${arn}`,
  });

function tuningIn(call: ApiCall): readonly Placement[] {
  const definitions = [call.request["trainingJobDefinition"], ...list(call.request["trainingJobDefinitions"])];
  const roles = definitions.map((one) => text(fields(one)["roleArn"])).filter((role) => role !== "");
  return [...new Set(roles)].flatMap((role) =>
    placed(call, {
      kind: "sagemaker-job",
      resource: text(call.response["hyperParameterTuningJobArn"]),
      role,
      field: "responseElements.hyperParameterTuningJobArn",
    }),
  );
}

/** A transform job runs with its model's role. */
const transformIn = (call: ApiCall): readonly Placement[] =>
  placed(call, {
    kind: "sagemaker-job",
    resource: text(call.response["transformJobArn"]),
    run: linkTo(call, "model", call.request["modelName"]),
    field: "responseElements.transformJobArn",
  });

/** One placement for each model; since 2023 a configuration may name a role of its own, for inference components. */
function configIn(call: ApiCall): readonly Placement[] {
  const resource = text(call.response["endpointConfigArn"]);
  const role = text(call.request["executionRoleArn"]);
  const field = "responseElements.endpointConfigArn";
  const variants = [...list(call.request["productionVariants"]), ...list(call.request["shadowProductionVariants"])];
  const models = [...new Set(variants.map((one) => text(fields(one)["modelName"])))].filter((name) => name !== "");
  return [
    ...models.flatMap((name) =>
      placed(call, { kind: "sagemaker-endpoint", resource, run: linkTo(call, "model", name), field }),
    ),
    ...(role ? placed(call, { kind: "sagemaker-endpoint", resource, role, field }) : []),
  ];
}

const endpointIn = (call: ApiCall): readonly Placement[] =>
  placed(call, {
    kind: "sagemaker-endpoint",
    resource: text(call.response["endpointArn"]),
    run: linkTo(call, "config", call.request["endpointConfigName"]),
    field: "responseElements.endpointArn",
  });

/** Names are a Region's own. */
const linkTo = ({ region }: ApiCall, kind: "model" | "config", name: unknown): string =>
  text(name) ? `${kind} ${region}/${text(name)}` : "";

const domainIn = (call: ApiCall): readonly Placement[] => studioIn(call, "defaultUserSettings", "domainArn");

/** A profile without a role of its own has its domain's; that is left to the domain's record. */
const profileIn = (call: ApiCall): readonly Placement[] => studioIn(call, "userSettings", "userProfileArn");

function studioIn(call: ApiCall, settings: string, arn: string): readonly Placement[] {
  const role = text(at(call.request, settings, "executionRole"));
  const resource = text(call.response[arn]);
  return role ? placed(call, { kind: "sagemaker-user-profile", resource, role, field: `responseElements.${arn}` }) : [];
}
