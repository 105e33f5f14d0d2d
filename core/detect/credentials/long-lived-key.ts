import { driftLongLived } from "../detectors/drift-long-lived.ts";
import { defineLifeDetector, earlier, type Life, type LifeDetection } from "../windows/life.ts";

/** The part of drift-long-lived that no single call shows: a workload that promises short sessions lives on a user's key. */
export const longLivedKey = defineLifeDetector({
  ...driftLongLived,
  needsDeclarations: true,
  gather() {
    const found = new Map<string, Life>();
    return {
      see(life) {
        const { attribution, workload } = life;
        const root = attribution.hops.at(-1);
        if (workload?.envelope.session === undefined || root?.end !== "long-term-key") return;
        const subject = JSON.stringify([workload.name, root.accessKeyId ?? root.principal]);
        const known = found.get(subject);
        found.set(subject, known === undefined ? life : earlier(known, life));
      },
      findings: () => [...found].flatMap(([subject, life]) => detectionOf(subject, life)),
    };
  },
});

function detectionOf(subject: string, life: Life): readonly LifeDetection[] {
  const { attribution, workload } = life;
  const root = attribution.hops.at(-1);
  if (root === undefined) return [];
  const direct = attribution.hops.length === 1;
  return [
    {
      subject,
      began: life.first,
      life,
      title: direct
        ? "A workload that promises short sessions signs with a long-term key"
        : "A long-term key began the sessions of a workload that promises short ones",
      severity: "medium",
      confidence: attribution.confidence,
      resource: root.principal,
      evidence: [
        { kind: "hop", principal: root.principal, eventID: life.first.eventID },
        { kind: "count", what: "issuing calls behind the call", count: attribution.hops.length - 1 },
        ...(workload?.envelope.session === undefined
          ? []
          : [
              {
                kind: "count",
                what: "seconds that the manifest promises",
                count: workload.envelope.session.maxSeconds,
              } as const,
            ]),
      ],
    },
  ];
}
