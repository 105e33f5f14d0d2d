import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const sagemaker = (resource: string) => arn("sagemaker", resource);

describe("SageMaker", () => {
  it.each([
    ["CreateTrainingJob", "trainingJobArn", "training-job/a", "sagemaker-job", "roleArn"],
    ["CreateProcessingJob", "processingJobArn", "processing-job/a", "sagemaker-job", "roleArn"],
    ["CreateNotebookInstance", "notebookInstanceArn", "notebook-instance/a", "sagemaker-notebook", "roleArn"],
    ["CreateModel", "modelArn", "model/a", "sagemaker-endpoint", "executionRoleArn"],
  ])("reads resource and role from %s", (name, answer, resource, kind, asked) =>
    expect(shown(`sagemaker:${name}`, { [asked]: role("ml") }, { [answer]: sagemaker(resource) }).map(bare)).toEqual([
      { kind, resource: sagemaker(resource), role: role("ml") },
    ]),
  );
  it("reads each role of a tuning job once", () =>
    expect(
      shown(
        "sagemaker:CreateHyperParameterTuningJob",
        { trainingJobDefinition: { roleArn: role("ml") }, trainingJobDefinitions: [{ roleArn: role("ml") }] },
        { hyperParameterTuningJobArn: sagemaker("hyper-parameter-tuning-job/a") },
      ).map(bare),
    ).toEqual([{ kind: "sagemaker-job", resource: sagemaker("hyper-parameter-tuning-job/a"), role: role("ml") }]));
  it("reads the steps from a model to its endpoint, and to a transform job", () => {
    expect(
      shown("sagemaker:CreateTransformJob", { modelName: "m" }, { transformJobArn: sagemaker("transform-job/t") }).map(
        bare,
      ),
    ).toEqual([{ kind: "sagemaker-job", resource: sagemaker("transform-job/t"), run: "model us-east-1/m" }]);
    expect(
      shown(
        "sagemaker:CreateEndpointConfig",
        { productionVariants: [{ modelName: "m" }, { modelName: "m" }, { modelName: "n" }] },
        { endpointConfigArn: sagemaker("endpoint-config/c") },
      ).map(bare),
    ).toEqual([
      { kind: "sagemaker-endpoint", resource: sagemaker("endpoint-config/c"), run: "model us-east-1/m" },
      { kind: "sagemaker-endpoint", resource: sagemaker("endpoint-config/c"), run: "model us-east-1/n" },
    ]);
    for (const api of ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"])
      expect(shown(api, { endpointConfigName: "c" }, { endpointArn: sagemaker("endpoint/e") }).map(bare)).toEqual([
        { kind: "sagemaker-endpoint", resource: sagemaker("endpoint/e"), run: "config us-east-1/c" },
      ]);
  });
  it("reads the role of a configuration with inference components", () =>
    expect(
      shown(
        "sagemaker:CreateEndpointConfig",
        { executionRoleArn: role("ml"), productionVariants: [{}] },
        { endpointConfigArn: sagemaker("endpoint-config/c") },
      ).map(bare),
    ).toEqual([{ kind: "sagemaker-endpoint", resource: sagemaker("endpoint-config/c"), role: role("ml") }]));
  it("reads the roles of Studio: the domain's, and a profile's own", () => {
    expect(
      shown(
        "sagemaker:CreateDomain",
        { defaultUserSettings: { executionRole: role("studio") } },
        { domainArn: sagemaker("domain/d-abc") },
      ).map(bare),
    ).toEqual([{ kind: "sagemaker-user-profile", resource: sagemaker("domain/d-abc"), role: role("studio") }]);
    const answer = { userProfileArn: sagemaker("user-profile/d-abc/ana") };
    for (const api of ["sagemaker:CreateUserProfile", "sagemaker:UpdateUserProfile"])
      expect(shown(api, { userSettings: { executionRole: role("ana") } }, answer).map(bare)).toEqual([
        { kind: "sagemaker-user-profile", resource: sagemaker("user-profile/d-abc/ana"), role: role("ana") },
      ]);
    expect(shown("sagemaker:CreateUserProfile", { domainId: "d-abc" }, answer)).toEqual([]);
  });
  it("reads nothing where the answer names nothing", () =>
    expect(shown("sagemaker:CreateTrainingJob", { roleArn: role("ml") }, null)).toEqual([]));
});
