import type { ScalingEvent, SecurityFinding, Tick } from "../event.ts";
import { fields, type JsonObject, list, text } from "../json.ts";
import { mask } from "../mask.ts";
import { accessAnalyzer } from "./access-analyzer.ts";
import { autoScaling } from "./auto-scaling.ts";
import { batch } from "./batch.ts";
import { bedrock } from "./bedrock.ts";
import { ec2 } from "./ec2.ts";
import { ec2Capacity } from "./ec2-capacity.ts";
import { ec2Fleet } from "./ec2-fleet.ts";
import { ecs } from "./ecs.ts";
import { type Common, type EnvelopeDecoder, texts } from "./envelope.ts";
import { guardduty } from "./guardduty.ts";
import { health } from "./health.ts";
import { sagemaker } from "./sagemaker.ts";
import { schedule } from "./schedule.ts";
import { securityHub } from "./security-hub.ts";

/** Every decoder of envelopes that services send by themselves; their claims are what rules must let through. */
export const envelopeDecoders: readonly EnvelopeDecoder[] = [
  ...[autoScaling, ec2, ec2Fleet, ec2Capacity, sagemaker, bedrock, batch, ecs],
  ...[guardduty, accessAnalyzer, securityHub, health, schedule],
];

/** What came of an envelope. Ignored: nobody here claims its detail-type. */
export type DecodedEnvelope =
  | { readonly kind: "event"; readonly event: ScalingEvent | SecurityFinding | Tick }
  | { readonly kind: "parked"; readonly because: string }
  | { readonly kind: "ignored"; readonly because: string };

/** Decodes an envelope without CloudTrail detail. Never throws; its detail is masked before any decoder sees it. */
export function decodeEnvelope(envelope: JsonObject, common: Common): DecodedEnvelope {
  const source = text(envelope["source"]);
  const detailType = text(envelope["detail-type"]);
  const decoder = claimant(source, detailType);
  if (decoder === undefined) return { kind: "ignored", because: "no decoder claims this detail-type" };
  const resources = texts(list(envelope["resources"]));
  const draft = decoder.decode({ source, detailType, resources, detail: mask(fields(envelope["detail"])) });
  return draft.kind === "parked" ? draft : { kind: "event", event: { ...common, ...draft } };
}

/** The decoder that claims a detail-type of a source, if one does. */
export function claimant(source: string, detailType: string): EnvelopeDecoder | undefined {
  return (
    exact.get(`${source}|${detailType}`) ??
    begun.find((one) => one.source === source && detailType.startsWith(one.prefix))?.decoder
  );
}

const claims = envelopeDecoders.flatMap((decoder) =>
  decoder.sources.flatMap((source) => decoder.detailTypes.map((type) => ({ decoder, source, type }))),
);

const exact: ReadonlyMap<string, EnvelopeDecoder> = new Map(
  claims.flatMap(({ decoder, source, type }) =>
    typeof type === "string" ? [[`${source}|${type}`, decoder] as const] : [],
  ),
);

const begun = claims.flatMap(({ decoder, source, type }) =>
  typeof type === "string" ? [] : [{ decoder, source, prefix: type.prefix }],
);
