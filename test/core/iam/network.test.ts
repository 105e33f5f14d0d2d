import { describe, expect, it } from "vitest";
import { addressOf, inNetwork, networkOf } from "../../../core/iam/network.ts";

const within = (block: string, address: string): boolean => {
  const [network, groups] = [networkOf(block), addressOf(address)];
  return network !== undefined && groups !== undefined && inNetwork(network, groups);
};

describe("an address block", () => {
  it.each([
    ["192.0.2.0/24", "192.0.2.255"],
    ["192.0.2.77/24", "192.0.2.1"],
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.6/31", "192.0.2.7"],
    ["0.0.0.0/0", "203.0.113.9"],
    ["2001:db8::/32", "2001:DB8:0:1::9"],
    ["2001:db8::1", "2001:db8:0:0:0:0:0:1"],
    ["::/0", "2001:db8::1"],
    ["2001:db8:8000::/33", "2001:db8:ffff::"],
  ])("%s holds %s", (block, address) => expect(within(block, address)).toBe(true));

  it.each([
    ["192.0.2.0/24", "192.0.3.0"],
    ["192.0.2.6/32", "192.0.2.7"],
    ["2001:db8::/32", "2001:db9::"],
    ["2001:db8:8000::/33", "2001:db8:7fff::"],
    ["0.0.0.0/0", "2001:db8::1"],
    ["::/0", "192.0.2.1"],
  ])("%s does not hold %s", (block, address) => expect(within(block, address)).toBe(false));

  it.each([
    "192.0.2",
    "192.0.2.256",
    "192.0.2.010",
    "192.0.2.0/33",
    "::/129",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "12345::",
    "",
    "x",
  ])("is not made of %s", (text) => expect(networkOf(text)).toBeUndefined());
});
