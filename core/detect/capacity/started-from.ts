import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { arnKey, groupKey, subjectKey } from "../../identity/lineage/cause.ts";
import { objectsIn, templateKey, textsUnder } from "../../identity/lineage/cause-fields.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";
import { type CapacityRequest, capacityRequestOf } from "./accelerator-request.ts";

/** So many things one call may be asked about; a call of EC2 can start a thousand instances, mostly of one kind. */
const most = 16;

/** The question for each thing that a call starts machines of without naming their type. */
export function startedFromFacts(call: ApiCall): readonly Fact[] {
  const request = capacityRequestOf(call);
  if (request === undefined || request.asked.length > 0 || request.untyped !== undefined) return [];
  return startedFromKeys(call).map((thing) => ({
    kind: "started-from",
    thing,
    before: { at: call.at, id: call.id },
  }));
}

/** What a call asks for, completed by what is known of the templates, groups and configurations it names. */
export function completedRequest(call: ApiCall, facts: Facts): Completed | undefined {
  const request = capacityRequestOf(call);
  if (request === undefined) return undefined;
  const answers = startedFromFacts(call).flatMap((fact) => {
    const answer = facts.get(factKey(fact));
    return answer?.kind === "started-from" && fact.kind === "started-from" ? [{ thing: fact.thing, answer }] : [];
  });
  const [first] = answers;
  if (first === undefined) return { request, told: [] };
  // A call that sets a number sets it anew; an endpoint begins with the numbers of its configuration.
  const own = request.total !== undefined || call.api === "ec2:StartInstances";
  const started = call.api === "ec2:StartInstances" ? startedFromKeys(call).length : undefined;
  const asked = answers.flatMap(({ thing, answer }) =>
    answer.types.map(({ type, count }) => ({ type, path: thing, ...(own || count === undefined ? {} : { count }) })),
  );
  return {
    request: {
      ...request,
      asked,
      ...(started === undefined ? {} : { total: { count: started, path: "responseElements.instancesSet" } }),
      ...(answers.some(({ answer }) => answer.untyped) ? { untyped: first.thing } : {}),
    },
    told: answers.map(({ thing, answer }) => ({ about: thing, because: answer.because })),
  };
}

export interface Completed {
  readonly request: CapacityRequest;
  /** What was known beside the call: about what, and from where. */
  readonly told: readonly { readonly about: string; readonly because: string }[];
}

/** The cause keys of what a call starts machines from, or changes the number of; none where it says all itself. */
export function startedFromKeys(call: ApiCall): readonly string[] {
  return [...new Set([...templatesIn(call), ...thingsIn(call)])].slice(0, most);
}

function thingsIn(call: ApiCall): readonly string[] {
  const { request } = call;
  switch (call.api) {
    case "autoscaling:SetDesiredCapacity":
    case "autoscaling:UpdateAutoScalingGroup":
      return keyed(text(request["autoScalingGroupName"]), (group) => groupKey(call, group));
    case "autoscaling:CreateAutoScalingGroup":
      return keyed(text(request["launchConfigurationName"]), (name) =>
        subjectKey(call, "autoscaling", `launch-configuration/${name}`),
      );
    case "ec2:StartInstances":
      return list(at(call.response, "instancesSet", "items")).flatMap((one) =>
        keyed(text(fields(one)["instanceId"]), (id) => subjectKey(call, "ec2", `instance/${id}`)),
      );
    case "ec2:ModifyFleet":
      return textsUnder(request, "fleetid").map((id) => subjectKey(call, "ec2", `fleet/${id}`));
    case "ec2:ModifySpotFleetRequest":
      return textsUnder(request, "spotfleetrequestid").map((id) => subjectKey(call, "ec2", `spot-fleet-request/${id}`));
    case "eks:UpdateNodegroupConfig": {
      const cluster = text(request["name"] ?? request["clusterName"]);
      return keyed(cluster && text(request["nodegroupName"]), (name) =>
        subjectKey(call, "eks", `nodegroup/${cluster}/${name}`),
      );
    }
    case "sagemaker:CreateEndpoint":
    case "sagemaker:UpdateEndpoint":
      return ofSageMaker(call, "endpoint-config", text(request["endpointConfigName"]));
    case "sagemaker:UpdateEndpointWeightsAndCapacities":
      return ofSageMaker(call, "endpoint", text(request["endpointName"]));
    case "sagemaker:StartNotebookInstance":
      return ofSageMaker(call, "notebook-instance", text(request["notebookInstanceName"]));
    default:
      return [];
  }
}

const keyed = (name: string, key: (name: string) => string): readonly string[] => (name === "" ? [] : [key(name)]);

const ofSageMaker = (call: ApiCall, type: string, name: string): readonly string[] =>
  keyed(name, () => arnKey(name) ?? subjectKey(call, "sagemaker", `${type}/${name}`));

/** Every launch template's version that a call names; a new version may say only how it differs from its source. */
function templatesIn(call: ApiCall): readonly string[] {
  return objectsIn(call.request).flatMap((one) => {
    const named = ["launchTemplateId", "LaunchTemplateId", "launchTemplateName", "LaunchTemplateName"];
    const template = named.map((field) => text(one[field])).find((name) => name !== "");
    if (template === undefined) return [];
    const version = versionFields.map((field) => one[field]).find((value) => value !== undefined && value !== null);
    const asked = typeof version === "number" ? String(version) : text(version);
    if (asked === "" && writes.has(call.api)) return [];
    return [templateKey(call, template, asked || "$Default")];
  });
}

const writes: ReadonlySet<string> = new Set(["ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion"]);

const versionFields = ["version", "Version", "sourceVersion", "SourceVersion", "SetDefaultVersion"];
