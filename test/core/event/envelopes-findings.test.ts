import { describe, expect, it } from "vitest";
import { fields, list } from "../../../core/event/json.ts";
import { decoded, findingOf, fixture, withDetail } from "./envelope-fixtures.ts";

describe("what other products found", () => {
  it("given a GuardDuty finding, keeps its type, severity and the key it is about", () => {
    expect(findingOf(fixture("guardduty-finding"))).toMatchObject({
      product: "guardduty",
      type: "Impact:IAMUser/AnomalousModelInvocation",
      resources: ["ASIAIOSFODNN7EXAMPLE", "AROAEXAMPLEROLEID123:bot"],
      findings: [{ severity: "high", open: true }],
    });
  });

  it.each([
    [0.5, "info"],
    [1, "low"],
    [3.9, "low"],
    [4, "medium"],
    [7, "high"],
    [8.9, "high"],
    [9, "critical"],
  ])("given GuardDuty's severity %d, says %s", (severity, word) => {
    expect(findingOf(withDetail(fixture("guardduty-finding"), { severity })).findings[0]?.severity).toBe(word);
  });

  it("given an attack sequence, keeps every resource it crossed, and that it is archived", () => {
    const event = findingOf(fixture("guardduty-attack-sequence-archived"));
    expect(event.findings).toMatchObject([{ severity: "critical", open: false }]);
    expect(event.resources).toEqual([
      "arn:aws:s3:::example-bucket",
      "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
    ]);
  });

  it("given several Security Hub findings in one event, keeps all of them and puts the gravest open one in front", () => {
    const event = findingOf(fixture("security-hub-findings-imported"));
    expect(event.findings.map(({ severity, open }) => [severity, open])).toEqual([
      ["medium", true],
      ["critical", false],
      ["high", true],
    ]);
    expect(event.title).toBe("Notebook instances should not have direct internet access");
    expect(event.resources).toEqual([
      "AWS::::Account:111122223333",
      "arn:aws:iam::111122223333:root",
      "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/nb-1",
    ]);
  });

  it.each([
    ["a passed check", { Compliance: { Status: "PASSED" } }],
    ["an archived record", { RecordState: "ARCHIVED" }],
    ["a suppressed finding", { Workflow: { Status: "SUPPRESSED" } }],
  ])("given %s, says that it is not open", (_, change) => {
    const envelope = fixture("security-hub-findings-custom-action");
    const first = fields(list(fields(envelope["detail"])["findings"])[0]);
    const event = findingOf(withDetail(envelope, { findings: [{ ...first, ...change }] }));
    expect(event.findings[0]?.open).toBe(false);
    expect(findingOf(envelope).findings[0]?.open).toBe(true);
  });

  it("given one finding of a batch without an id, parks the event and says which one", () => {
    const envelope = fixture("security-hub-findings-imported");
    const [first, second] = list(fields(envelope["detail"])["findings"]);
    const { Id: _, ...unnamed } = fields(second);
    const detail = { findings: [first ?? null, unnamed] };
    expect(decoded({ ...envelope, detail })).toMatchObject({
      kind: "parked",
      because: expect.stringContaining("detail.findings[1].Id is missing"),
    });
  });

  it("given no findings in the list, parks the event", () => {
    expect(decoded(withDetail(fixture("security-hub-findings-custom-action"), { findings: [] })).kind).toBe("parked");
  });

  it("given a finding of the unified Security Hub, reads OCSF", () => {
    const envelope = fixture("findings-imported-v2");
    expect(findingOf(envelope)).toMatchObject({
      product: "security-hub",
      type: "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
      findings: [{ id: "44444444444444444444444444444444", severity: "high", open: true }],
    });
    const first = fields(list(fields(envelope["detail"])["findings"])[0]);
    const byNumber = { ...first, severity: null, severity_id: 5, status: "Resolved" };
    expect(findingOf(withDetail(envelope, { findings: [byNumber] })).findings[0]).toMatchObject({
      severity: "critical",
      open: false,
    });
  });

  it.each([
    [0, "info"],
    [1, "info"],
    [2, "low"],
    [6, "critical"],
    [99, "info"],
  ])("given OCSF's severity_id %d and no word, says %s", (id, word) => {
    const envelope = fixture("findings-imported-v2");
    const first = fields(list(fields(envelope["detail"])["findings"])[0]);
    const event = findingOf(withDetail(envelope, { findings: [{ ...first, severity: null, severity_id: id }] }));
    expect(event.findings[0]?.severity).toBe(word);
  });

  it("given the results of an insight, names what was grouped", () => {
    expect(findingOf(fixture("security-hub-insight-results"))).toMatchObject({
      type: "ResourceAwsIamAccessKeyUserName",
      title: "Access keys with findings",
      resources: ["support-bot", "trainer"],
    });
  });

  it.each([
    [
      "access-analyzer-finding",
      { type: "ExternalAccess", title: "AWS::S3::Bucket is open to the public" },
      "high",
      true,
    ],
    ["access-analyzer-error-finding", { type: "ExternalAccess" }, "info", true],
    ["internal-access-finding", { type: "InternalAccess" }, "medium", false],
    ["unused-access-finding-for-iam-entities", { type: "UnusedPermission" }, "low", true],
  ])("given %s, says what kind of access, how grave and whether it is open", (name, what, severity, open) => {
    expect(findingOf(fixture(name))).toMatchObject({
      product: "access-analyzer",
      ...what,
      findings: [{ severity, open }],
    });
  });

  it.each(["RESOLVED", "ARCHIVED"])(
    "given an Access Analyzer finding that is %s, says that it is not open",
    (status) => {
      expect(findingOf(withDetail(fixture("access-analyzer-finding"), { status })).findings[0]?.open).toBe(false);
    },
  );

  it.each([
    ["aws-health-event", "critical", true, "AKIAIOSFODNN7EXAMPLE"],
    ["aws-health-closed-event", "info", false, "i-0123456789abcdef0"],
    ["aws-health-abuse-event", "high", true, "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"],
  ])("given %s, says %s and names what it affects once", (name, severity, open, resource) => {
    expect(findingOf(fixture(name))).toMatchObject({ product: "health", findings: [{ severity, open }] });
    expect(findingOf(fixture(name)).resources).toEqual([resource]);
  });

  it("given a schedule, says only that it fired, whatever its detail", () => {
    for (const name of ["scheduled-event", "scheduled-event-of-scheduler"])
      expect(decoded(fixture(name))).toMatchObject({
        kind: "event",
        event: { kind: "tick", resources: [expect.any(String)] },
      });
  });
});
