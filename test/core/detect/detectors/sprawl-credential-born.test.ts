import { describe, expect, it } from "vitest";
import { sprawlCredentialBorn } from "../../../../core/detect/detectors/sprawl-credential-born.ts";
import { runDetector, wakeIndex } from "../../../../core/detect/run.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";

const detector = sprawlCredentialBorn(tables.iam);
const planted = "hunter2-planted-Zq9";
const held = {
  ...{ masterUserPassword: planted, adminUserPassword: planted, password: planted, apiKey: planted, value: planted },
  ...{ token: planted, clientSecret: planted, secretAccessKey: planted, passphrase: planted, privateKey: planted },
  ...{ keyMaterial: planted, publicKeyMaterial: planted, sSHPublicKeyBody: planted, certificateBody: planted },
};
const asked = {
  ...{ userName: "maker", name: "thing", createApiKeyInput: { name: "thing", value: planted }, status: "Active" },
  ...{ includeValue: true, includeValues: true, generateSecret: true, serviceName: "bedrock.amazonaws.com" },
  kmsConfiguration: { keyType: "ServiceManagedKey" },
};
const apis = wakeIndex([detector]).apis.filter((api) => api !== "iam:CreateUser" && api !== "iam:CreateLoginProfile");

describe("sprawl-credential-born", () => {
  it.each(apis)("tells of %s, and nothing of the credential itself", (api) => {
    const [service, eventName = ""] = api.split(":");
    const made = record({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      readOnly: false,
      requestParameters: { ...held, ...asked },
      responseElements: { ...held, serviceSpecificCredential: held, apiKey: { id: planted }, credentials: held },
    });
    const findings = runDetector(detector, seenOf({ record: made }, []));
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain(planted);
  });
});
