import { tokenVendingApis } from "../agents/ai-calls.ts";
import { type ConductDetection, defineConductDetector, whoSaid } from "../behaviour/conduct-detector.ts";
import { type Deviation, deviations } from "../behaviour/deviations.ts";

/** A day is a spike from so many tokens on, when it has so many times what the busiest of the days before had. */
const spike = { tokens: 200, times: 10, days: 5, within: 30 } as const;

const vends: ReadonlySet<string> = new Set(tokenVendingApis);

/** Finds the day on which an identity has AgentCore hand out many times the tokens that it ever fetched before. */
export const sprawlVendingSpike = defineConductDetector({
  id: "sprawl-vending-spike",
  version: "1",
  title: "Many times the usual number of agents' tokens was handed out",
  family: "secret-sprawl",
  maturity: "sandbox",
  needsDeclarations: true,
  attack: ["T1528"],
  controls: {
    owaspNhi: ["NHI2:2025"],
    owaspAsi: ["ASI03", "ASI08"],
    nistCsf: ["DE.AE-02", "DE.CM-09"],
    nistAiRmf: ["MEASURE 2.7", "MEASURE 2.6"],
    maestro: ["L3 Agent Frameworks", "L5 Evaluation and Observability"],
  },
  watches: [{ kind: "declared-identities" }],
  falsePositives: [
    "An agent was opened to many more users",
    "A client fetches a new token for each call since a release",
  ],
  triage: [
    "Ask the owner whether more users came, or a release no longer keeps tokens",
    "Look which other systems the tokens were for, and what was done there",
    "Where nobody knows, contain the identity and revoke its tokens at those systems",
  ],
  references: [
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/get-workload-access-token.html",
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/identity-authentication.html",
  ],
  judging(whose) {
    const vended = deviations<undefined>();
    return {
      see(done) {
        if (done.conduct.outcome === "done" && vends.has(done.conduct.api))
          vended.add(done, { key: "vending", severity: "low", about: undefined });
      },
      detections() {
        const days = vended.all();
        return days.flatMap((one) => spikeOf(one, days, whoSaid(whose)));
      },
    };
  },
});

function spikeOf(
  { day, count, done }: Deviation<undefined>,
  days: readonly Deviation<undefined>[],
  who: string,
): readonly ConductDetection[] {
  const before = days.filter((one) => one.day < day && one.day >= day - spike.within);
  const busiest = Math.max(0, ...before.map((one) => one.count));
  if (before.length < spike.days || count < spike.tokens || count < spike.times * busiest) return [];
  return [
    {
      title: `${who} fetched ${count} agents' tokens on one day, and at most ${busiest} on any day before`,
      severity: "low",
      confidence: "medium",
      audience: "owner",
      day,
      deviation: "vending-spike",
      done,
      count,
      outcome: "done",
      evidence: () => [
        { kind: "count", what: "tokens on this day", count, limit: spike.times * busiest },
        { kind: "count", what: "days before on which it fetched some", count: before.length },
      ],
    },
  ];
}
