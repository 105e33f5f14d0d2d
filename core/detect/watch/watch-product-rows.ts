import { fields, list, text } from "../../event/json.ts";
import { isFalse, type WatchRow, when } from "./watch-row.ts";

/** Findings that a filter or rule sends to the archive reach nobody. */
const archives = when("action", (value) => value === "ARCHIVE");

/** Security products and recorders of AWS, and the calls that switch them off, blind them or cut them from who reads them. */
export const productRows: readonly WatchRow[] = [
  {
    api: "config:StopConfigurationRecorder",
    did: "AWS Config was stopped: changes of resources are no longer recorded",
    tried: "stop AWS Config",
    severity: "high",
    named: ["configurationRecorderName"],
    as: "config:configuration-recorder/",
    source: "https://docs.aws.amazon.com/config/latest/APIReference/API_StopConfigurationRecorder.html",
  },
  {
    api: "config:DeleteConfigurationRecorder",
    did: "The recorder of AWS Config was deleted",
    tried: "delete the recorder of AWS Config",
    severity: "high",
    named: ["configurationRecorderName"],
    as: "config:configuration-recorder/",
    source: "https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteConfigurationRecorder.html",
  },
  {
    api: "config:PutConfigurationRecorder",
    did: "AWS Config records only some kinds of resources",
    tried: "have AWS Config record only some kinds of resources",
    severity: "low",
    named: ["configurationRecorder.name"],
    as: "config:configuration-recorder/",
    says: when("configurationRecorder.recordingGroup.allSupported", isFalse),
    source: "https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html",
  },
  {
    api: "config:DeleteDeliveryChannel",
    did: "AWS Config no longer delivers what it records",
    tried: "delete the delivery channel of AWS Config",
    severity: "medium",
    named: ["deliveryChannelName"],
    source: "https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteDeliveryChannel.html",
  },
  {
    api: "config:DeleteConfigRule",
    did: "A rule of AWS Config was deleted: {}",
    tried: "delete a rule of AWS Config",
    severity: "low",
    named: ["configRuleName"],
    source: "https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteConfigRule.html",
  },
  {
    api: "guardduty:DeleteDetector",
    did: "GuardDuty was switched off in a Region: its detector was deleted",
    tried: "delete GuardDuty's detector",
    severity: "high",
    named: ["detectorId"],
    as: "guardduty:detector/",
    source: "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DeleteDetector.html",
  },
  {
    api: "guardduty:UpdateDetector",
    did: "GuardDuty was suspended in a Region",
    tried: "suspend GuardDuty",
    severity: "high",
    named: ["detectorId"],
    as: "guardduty:detector/",
    says: (call) => {
      const suspended = when("enable", isFalse)(call);
      if (suspended !== undefined) return suspended;
      const off = list(call.request["features"])
        .map(fields)
        .filter((one) => one["status"] === "DISABLED");
      return off.length === 0
        ? undefined
        : {
            path: "requestParameters.features",
            value: off.map((one) => text(one["name"])),
            severity: "medium",
            did: "Parts of GuardDuty were switched off",
            tried: "switch parts of GuardDuty off",
          };
    },
    source: "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html",
  },
  ...(["DeleteMembers", "DisassociateMembers", "StopMonitoringMembers"] as const).map(
    (name): WatchRow => ({
      api: `guardduty:${name}`,
      did: "Accounts were taken out of GuardDuty's watch",
      tried: "take accounts out of GuardDuty's watch",
      severity: "medium",
      named: ["detectorId"],
      as: "guardduty:detector/",
      source: `https://docs.aws.amazon.com/guardduty/latest/APIReference/API_${name}.html`,
    }),
  ),
  ...(["DisassociateFromAdministratorAccount", "DisassociateFromMasterAccount"] as const).map(
    (name): WatchRow => ({
      api: `guardduty:${name}`,
      did: "An account left the administrator that reads its GuardDuty findings",
      tried: "leave the administrator of GuardDuty",
      severity: "high",
      named: ["detectorId"],
      as: "guardduty:detector/",
      source: `https://docs.aws.amazon.com/guardduty/latest/APIReference/API_${name}.html`,
    }),
  ),
  ...(["CreateFilter", "UpdateFilter"] as const).map(
    (name): WatchRow => ({
      api: `guardduty:${name}`,
      did: "A filter archives GuardDuty findings unseen",
      tried: "have GuardDuty findings archived unseen",
      severity: "medium",
      named: ["detectorId"],
      as: "guardduty:detector/",
      says: archives,
      source: `https://docs.aws.amazon.com/guardduty/latest/APIReference/API_${name}.html`,
    }),
  ),
  ...(["CreateIPSet", "UpdateIPSet"] as const).map(
    (name): WatchRow => ({
      api: `guardduty:${name}`,
      did: "Addresses were put onto GuardDuty's trusted list: it finds nothing about them",
      tried: "have GuardDuty trust addresses",
      severity: "medium",
      named: ["detectorId"],
      as: "guardduty:detector/",
      source: `https://docs.aws.amazon.com/guardduty/latest/APIReference/API_${name}.html`,
    }),
  ),
  {
    api: "guardduty:DeletePublishingDestination",
    did: "GuardDuty no longer exports its findings",
    tried: "stop the export of GuardDuty's findings",
    severity: "medium",
    named: ["detectorId"],
    as: "guardduty:detector/",
    source: "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DeletePublishingDestination.html",
  },
  ...(["DisableSecurityHub", "DisableSecurityHubV2"] as const).map(
    (name): WatchRow => ({
      api: `securityhub:${name}`,
      did: "Security Hub was switched off in a Region",
      tried: "switch Security Hub off",
      severity: "high",
      named: [],
      source: `https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_${name}.html`,
    }),
  ),
  ...(["DisassociateFromAdministratorAccount", "DisassociateMembers", "DeleteMembers"] as const).map(
    (name): WatchRow => ({
      api: `securityhub:${name}`,
      did: "An account and the administrator that reads its Security Hub findings were parted",
      tried: "part an account from the administrator of Security Hub",
      severity: "medium",
      named: [],
      source: `https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_${name}.html`,
    }),
  ),
  {
    api: "securityhub:DisableImportFindingsForProduct",
    did: "Security Hub no longer takes the findings of a product",
    tried: "stop Security Hub from taking a product's findings",
    severity: "medium",
    named: ["productSubscriptionArn"],
    source: "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DisableImportFindingsForProduct.html",
  },
  {
    api: "securityhub:BatchDisableStandards",
    did: "Checks of Security Hub were switched off",
    tried: "switch checks of Security Hub off",
    severity: "low",
    named: [],
    source: "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchDisableStandards.html",
  },
  {
    api: "access-analyzer:DeleteAnalyzer",
    did: "An analyzer of who may reach in was deleted: {}",
    tried: "delete an analyzer of IAM Access Analyzer",
    severity: "medium",
    named: ["analyzerName"],
    as: "access-analyzer:analyzer/",
    source: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_DeleteAnalyzer.html",
  },
  {
    api: "access-analyzer:CreateArchiveRule",
    did: "Findings of IAM Access Analyzer are archived unseen by a new rule",
    tried: "have findings of IAM Access Analyzer archived unseen",
    severity: "low",
    named: ["analyzerName"],
    as: "access-analyzer:analyzer/",
    source: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateArchiveRule.html",
  },
  {
    api: "macie2:DisableMacie",
    did: "Macie was switched off: nobody looks for sensitive data in buckets",
    tried: "switch Macie off",
    severity: "medium",
    named: [],
    source: "https://docs.aws.amazon.com/macie/latest/APIReference/macie.html",
  },
  {
    api: "inspector2:Disable",
    did: "Inspector was switched off",
    tried: "switch Inspector off",
    severity: "medium",
    named: [],
    source: "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Disable.html",
  },
  {
    api: "detective:DeleteGraph",
    did: "Detective was switched off, and what it had gathered is gone",
    tried: "switch Detective off",
    severity: "medium",
    named: ["GraphArn", "graphArn"],
    source: "https://docs.aws.amazon.com/detective/latest/APIReference/API_DeleteGraph.html",
  },
  {
    api: "securitylake:DeleteDataLake",
    did: "Security Lake was switched off",
    tried: "switch Security Lake off",
    severity: "high",
    named: [],
    source: "https://docs.aws.amazon.com/security-lake/latest/APIReference/API_DeleteDataLake.html",
  },
];
