import { expect, it } from "vitest";
import { guardedIn, isEverywhere, openedRules } from "../../../../core/detect/exposure/opened-port.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";

const rulesOf = (requestParameters: object) => {
  const made = record({
    eventSource: "ec2.amazonaws.com",
    eventName: "AuthorizeSecurityGroupIngress",
    requestParameters: JSON.parse(JSON.stringify(requestParameters)),
  });
  const event = eventOf(made);
  return event.kind === "api-call" ? openedRules(event) : [];
};

it.each([
  ["0.0.0.0/0", true],
  ["::/0", true],
  ["128.0.0.0/1", true],
  ["10.0.0.0/8", false],
  ["192.0.2.0/24", false],
  ["0.0.0.0", false],
  ["", false],
  ["x/y", false],
])("knows whether %s is everywhere", (cidr, everywhere) => expect(isEverywhere(cidr)).toBe(everywhere));

it("takes the ports of each rule that is for everybody, and no other", () => {
  const items = [
    {
      ipProtocol: "tcp",
      fromPort: 20,
      toPort: 25,
      ipRanges: { items: [{ cidrIp: "192.0.2.1/32" }, { cidrIp: "0.0.0.0/0" }] },
    },
    { ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "192.0.2.1/32" }] } },
  ];
  expect(rulesOf({ groupId: "sg-1", ipPermissions: { items } })).toEqual([
    { from: 20, to: 25, everything: false, cidr: "0.0.0.0/0" },
  ]);
});

it("names what a range of ports opens", () => {
  const rule = { everything: false, cidr: "0.0.0.0/0" };
  expect(guardedIn({ ...rule, from: 20, to: 25 })).toEqual(["SSH (22)", "Telnet (23)"]);
  expect(guardedIn({ ...rule, from: 443, to: 443 })).toEqual([]);
  expect(guardedIn({ ...rule, from: 0, to: 65_535 })).toEqual(["every port"]);
});

it("reads one thing as a list of one, and nothing as none", () => {
  const one = { ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: { cidrIp: "0.0.0.0/0" } } };
  expect(rulesOf({ ipPermissions: { items: one } })).toHaveLength(1);
  expect(rulesOf({ ipPermissions: {} })).toEqual([]);
  expect(rulesOf({ ipPermissions: { items: [null, 3, "x"] } })).toEqual([]);
});
