import { describe, expect, it } from "vitest";
import { networkApis, networkPlace } from "../../../../core/detect/exposure/network-place.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import type { Json } from "../../../../core/event/json.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account, record, region } from "../../../fixtures/records.ts";

const place = (eventName: string, requestParameters: Json) =>
  networkPlace(
    eventOf(record({ eventSource: "bedrock-agentcore.amazonaws.com", eventName, requestParameters })) as ApiCall,
  );
const mode = (networkMode: string) => ({ networkConfiguration: { networkMode } });

describe("the network of what agents run in", () => {
  it("is of one and the same thing, whether it is made, moved or deleted", () => {
    const browser = ["browser", account, region, "shop"];
    expect(place("CreateBrowser", { name: "shop", ...mode("PUBLIC") })).toMatchObject({
      thing: browser,
      state: "public",
    });
    expect(place("DeleteBrowser", { browserId: "shop-abcdefghij" })).toMatchObject({ thing: browser, state: "gone" });
    const runtime = ["runtime", account, region, "desk"];
    expect(place("CreateAgentRuntime", { agentRuntimeName: "desk", ...mode("VPC") })?.thing).toEqual(runtime);
    expect(place("UpdateAgentRuntime", { agentRuntimeId: "desk-ABCDE12345", ...mode("VPC") })?.thing).toEqual(runtime);
  });

  it("tells a browser from an interpreter of the same name", () => {
    expect(place("CreateBrowser", { name: "x", ...mode("VPC") })?.thing).not.toEqual(
      place("CreateCodeInterpreter", { name: "x", ...mode("VPC") })?.thing,
    );
  });

  it("is nothing where no name or no mode that is known stands", () => {
    expect(place("CreateBrowser", null)).toBeUndefined();
    expect(place("CreateBrowser", { name: "shop" })).toBeUndefined();
    expect(place("CreateBrowser", { name: "shop", ...mode("OTHER") })).toBeUndefined();
    expect(place("CreateBrowser", { name: "<b>", ...mode("PUBLIC") })).toBeUndefined();
    expect(place("GetBrowser", { browserId: "shop-abcdefghij" })).toBeUndefined();
  });

  it("is told by each call that is watched", () => {
    const named = { name: "x", agentRuntimeName: "x", browserId: "x", codeInterpreterId: "x", agentRuntimeId: "x" };
    for (const api of networkApis)
      expect(place(api.split(":")[1] ?? "", { ...named, ...mode("VPC") }), api).toBeDefined();
  });
});
