import { describe, expect, it } from "vitest";
import {
  foreignBucket,
  foreignFunction,
  foreignImage,
  hookedIn,
  strangeEndpoint,
} from "../../../../core/detect/agents/agent-change.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import type { Json } from "../../../../core/event/json.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account, otherAccount, record } from "../../../fixtures/records.ts";

const call = (requestParameters: Json): ApiCall =>
  eventOf(record({ eventSource: "bedrock-agentcore.amazonaws.com", eventName: "Any", requestParameters })) as ApiCall;

describe("an image", () => {
  const says = (image: string) => foreignImage("image")(call({ image }))?.did;
  it("of one's own registry says nothing, in whatever Region and with whatever kind of address", () => {
    expect(says(`${account}.dkr.ecr.eu-west-1.amazonaws.com/desk:1`)).toBeUndefined();
    expect(says(`${account}.dkr-ecr.eu-west-1.on.aws/desk:1`)).toBeUndefined();
    expect(says("")).toBeUndefined();
  });
  it("of another account, or from where everybody may put images, does", () => {
    expect(says(`${otherAccount}.dkr.ecr.us-east-1.amazonaws.com/desk:1`)).toContain(`account ${otherAccount}`);
    expect(says("public.ecr.aws/abc/desk")).toContain("public registry");
    expect(says(`docker.io/${account}.dkr.ecr.us-east-1.amazonaws.com/desk`)).toContain("public registry");
  });
});

describe("what an agent calls and reads", () => {
  it("tells only where it is another account's", () => {
    const lambda = (of: string) => foreignFunction("f")(call({ f: `arn:aws:lambda:us-east-1:${of}:function:x` }));
    expect(lambda(account)).toBeUndefined();
    expect(lambda(otherAccount)).toMatchObject({ severity: "medium" });
    expect(foreignFunction("f")(call({ f: "no arn" }))).toBeUndefined();
    expect(foreignBucket("a.b")(call({ a: { b: account } }))).toBeUndefined();
    expect(foreignBucket("a.b")(call({ a: { b: otherAccount } }))).toMatchObject({ severity: "medium" });
  });

  it("tells of a server that is not AWS's, whatever its name pretends", () => {
    const says = (endpoint: string) =>
      strangeEndpoint(call({ targetConfiguration: { mcp: { mcpServer: { endpoint } } } }));
    expect(says("https://gateway.us-east-1.amazonaws.com/mcp")).toBeUndefined();
    expect(says("https://amazonaws.com.example.org/mcp")).toBeDefined();
    expect(says("https://example.org/?x=.amazonaws.com")).toBeDefined();
    expect(says("https://user@evil.example.org:443/.amazonaws.com")).toBeDefined();
    expect(strangeEndpoint(call({ targetConfiguration: { mcp: { openApiSchema: {} } } }))).toBeUndefined();
  });
});

describe("commands that run when a Studio starts", () => {
  const arn = `arn:aws:sagemaker:us-east-1:${account}:studio-lifecycle-config/setup`;
  const hooks = (settings: Json) => hookedIn("userSettings")(call({ userSettings: settings }))?.value;
  it("are found wherever an app's settings have them", () => {
    expect(hooks({ jupyterServerAppSettings: { defaultResourceSpec: { lifecycleConfigArn: arn } } })).toEqual([arn]);
    expect(hooks({ jupyterLabAppSettings: { lifecycleConfigArns: [arn, ""] } })).toEqual([arn]);
  });
  it("are none where the list is empty, or too deep to be settings", () => {
    expect(hooks({ jupyterLabAppSettings: { lifecycleConfigArns: [] } })).toBeUndefined();
    expect(hooks({ a: { b: { c: { d: { e: { lifecycleConfigArn: arn } } } } } })).toBeUndefined();
  });
});
