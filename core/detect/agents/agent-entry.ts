import type { ApiCall } from "../../event/event.ts";
import { fields, list, text } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { resourceArn } from "./ai-row.ts";

/** How a call enters what an agent runs in. */
export interface Entry {
  readonly api: ApiName;
  /** Entries of one way belong together: a session is started, then used. */
  readonly way: "commands" | "code" | "browser" | "view" | "cookies" | "another-user";
  /** `opens`: only prepares. */
  readonly step: "opens" | "enters";
}

const entry = (name: string, way: Entry["way"], step: Entry["step"] = "enters"): Entry => ({
  api: `bedrock-agentcore:${name}`,
  way,
  step,
});

/**
 * Calls by which somebody runs commands beside an agent, runs code in its interpreter, steers or watches its browser, keeps
 * the browser's cookies, or runs it in another user's name: all with the role of what they enter. Data events all of them:
 * a trail has them where it was told to (AgentCore developer guide, "CloudTrail").
 */
export const entries: readonly Entry[] = [
  entry("InvokeAgentRuntimeCommand", "commands"),
  entry("InvokeAgentRuntimeCommandShell", "commands"),
  entry("StartCodeInterpreterSession", "code", "opens"),
  entry("InvokeCodeInterpreter", "code"),
  entry("StartBrowserSession", "browser", "opens"),
  entry("ConnectBrowserAutomationStream", "browser"),
  entry("InvokeBrowser", "browser"),
  entry("ConnectBrowserLiveViewStream", "view"),
  entry("SaveBrowserSessionProfile", "cookies"),
  entry("InvokeAgentRuntimeForUser", "another-user"),
  entry("InvokeAgentRuntimeWithWebSocketStreamForUser", "another-user"),
];

const parameters = [
  ["agentRuntimeArn", "runtime/"],
  ["codeInterpreterIdentifier", "code-interpreter-custom/"],
  ["browserIdentifier", "browser-custom/"],
  ["profileIdentifier", "browser-profile/"],
] as const;

/**
 * What is entered, as the request names it or the record's resources do. Nothing for the tools that AWS keeps for all,
 * which have no role (AgentCore developer guide, "Resource management").
 */
export function enteredThing(call: ApiCall): string | undefined {
  const beside = list(call.record["resources"])
    .map((one) => text(fields(one)["ARN"]))
    .find((arn) => arn.includes(":bedrock-agentcore:"));
  const [parameter, type] = parameters.find(([one]) => text(call.request[one]) !== "") ?? ["", ""];
  const asked = text(call.request[parameter]);
  const thing = beside ?? resourceArn(call, `bedrock-agentcore:${type}`, asked) ?? asked;
  return thing === "" || ofEverybody.test(thing) ? undefined : thing.slice(0, longest);
}

const ofEverybody = /(?:^|\/)aws\.(?:codeinterpreter|browser)\.v\d+$/;

/** No ARN of AgentCore is longer. */
const longest = 512;

/** As the one text that a window keeps; calls of one name count once. */
export const entryMark = ({ api }: Entry, outside: boolean): string => JSON.stringify([api, outside]);

/** Reads a mark again; nothing where another version wrote it another way. */
export function entryOf(member: string): (Entry & { readonly outside: boolean }) | undefined {
  if (!member.startsWith('["')) return undefined;
  const [api, outside]: readonly unknown[] = JSON.parse(member);
  const found = entries.find((one) => one.api === api);
  return found === undefined ? undefined : { ...found, outside: outside === true };
}
