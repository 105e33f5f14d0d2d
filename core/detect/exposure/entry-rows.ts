import { at } from "../../event/json.ts";
import { isTrue, type WatchRow, when } from "../watch/watch-row.ts";

const page = (reference: string, name: string) => `https://docs.aws.amazon.com/${reference}/API_${name}.html` as const;
const ecs = (name: string) => page("AmazonECS/latest/APIReference", name);

const commands = when("enableExecuteCommand", isTrue);

/**
 * Ways for a person into what runs, and what opens them. Those that are known paths to a machine's rights (sessions,
 * commands and keys of machines, commands in tasks) are escalation paths and are told there.
 */
export const entryRows: readonly WatchRow[] = [
  {
    api: "ec2:EnableSerialConsoleAccess",
    did: "Serial consoles of all machines of a Region may be used",
    tried: "open the serial consoles of a Region",
    severity: "low",
    named: [],
    source: page("AWSEC2/latest/APIReference", "EnableSerialConsoleAccess"),
  },
  {
    api: "ec2-instance-connect:OpenTunnel",
    did: "Somebody opened a tunnel to machine {}",
    tried: "open a tunnel to machine {}",
    severity: "info",
    named: ["instanceId", "privateIpAddress"],
    as: "ec2:instance/",
    source:
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/log-ec2-instance-connect-endpoint-using-cloudtrail.html",
  },
  {
    api: "ssm-guiconnect:StartConnection",
    did: "Somebody opened a desktop on a machine",
    tried: "open a desktop on a machine",
    severity: "info",
    named: ["connectionArn", "instanceId"],
    as: "ec2:instance/",
    source:
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-remote-desktop-connections.html",
  },
  ...(["CreateService", "RunTask", "StartTask", "UpdateService"] as const).map(
    (name): WatchRow => ({
      api: `ecs:${name}`,
      did: "Tasks let people in to run commands: {}",
      tried: "have tasks let people in to run commands",
      severity: "info",
      named: ["service", "serviceName", "taskDefinition"],
      says: commands,
      source: ecs(name),
    }),
  ),
  ...(["StartBuild", "StartBuildBatch"] as const).map(
    (name): WatchRow => ({
      api: `codebuild:${name}`,
      did: "A build stops to let somebody in: {}",
      tried: "have a build stop to let somebody in",
      severity: "low",
      named: ["projectName"],
      as: "codebuild:project/",
      says: (call) =>
        ["debugSessionEnabled", "debugSessionEnabledOverride"]
          .map((path) => [path, at(call.request, path)] as const)
          .filter(([, value]) => isTrue(value ?? null))
          .map(([path, value]) => ({ path: `requestParameters.${path}`, value: value ?? null }))[0],
      source: page("codebuild/latest/APIReference", name),
    }),
  ),
];
