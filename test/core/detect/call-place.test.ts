import { describe, expect, it } from "vitest";
import { claimedClient, placeOf } from "../../../core/detect/call-place.ts";
import type { ApiCall } from "../../../core/event/event.ts";
import { eventOf } from "../../fixtures/read.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { record } from "../../fixtures/records.ts";

const call = (over: RecordObject): ApiCall => eventOf(record(over)) as ApiCall;
const from = (sourceIPAddress: string) => placeOf(call({ sourceIPAddress }));
const client = (userAgent: string) => claimedClient(call({ userAgent }));

describe("where a call came from", () => {
  it("is a block of addresses, so that a neighbour is no other place", () => {
    expect(from("192.0.2.10")).toEqual({ kind: "network", block: "192.0.0.0/16" });
    expect(from("192.0.2.200")).toEqual(from("192.0.2.10"));
    expect(from("2001:db8::1")).toEqual({ kind: "network", block: "2001:db8::/32" });
  });

  it("is a VPC endpoint before its private address, with its owner where AWS wrote it", () => {
    const over = { sourceIPAddress: "10.0.0.1", vpcEndpointId: "vpce-0abcdef1234567890" };
    expect(placeOf(call(over))).toEqual({ kind: "endpoint", id: "vpce-0abcdef1234567890" });
    expect(placeOf(call({ ...over, vpcEndpointAccountId: "444455556666" }))).toMatchObject({ owner: "444455556666" });
  });

  it.each(["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "fd00::1", "fe80::1", "::1"])(
    "is not told by %s, which is nobody's in public",
    (address) => expect(from(address)).toEqual({ kind: "untold" }),
  );

  it.each(["lambda.amazonaws.com", "AWS Internal", "", "999.1.1.1"])("is not told by %j", (text) =>
    expect(from(text)).toEqual({ kind: "untold" }),
  );
});

describe("what a client says of itself", () => {
  it("is an agent, a system, a place to run", () => {
    expect(client("aws-cli/2.31.0 os/macos#25.0 exec-env/AmazonQ-For-CLI-Version-1.19.0")).toMatchObject({
      ...{ agent: true, os: "macos", inWorkload: false, hacking: false },
    });
    expect(client("Boto3/1.40.0 os/linux#6.1 exec-env/AWS_Lambda_python3.12")).toMatchObject({ inWorkload: true });
    expect(client("aws-cli/2.31.0 exec-env/CloudShell os/linux")).toMatchObject({ inWorkload: false });
  });

  it("names a Linux made for breaking in as a word, not within one", () => {
    expect(client("aws-cli/1.22 Python/3.11 Linux/6.5.0-kali3-amd64")).toMatchObject({ hacking: true });
    expect(client("aws-cli/2.31.0 os/linux#6.12.38+kali-amd64")).toMatchObject({ hacking: true });
    expect(client("kaliedoscope/1.0 alkali-sdk/2.0")).toMatchObject({ hacking: false });
  });

  it("is the same however often and between whatever others it is asked", () => {
    const before = client("aws-cli/2.31.0 os/linux#6.1");
    for (let number = 0; number < 1_500; number++) client(`tool-${number}/1.0`);
    expect(client("aws-cli/2.31.0 os/linux#6.1")).toEqual(before);
  });
});
