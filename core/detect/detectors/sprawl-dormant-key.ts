import { type ConductDetection, type Done, defineConductDetector, whoSaid } from "../behaviour/conduct-detector.ts";
import { byBeginning } from "../behaviour/deviations.ts";

/** A user who did nothing for so many days has keys that nobody would miss, or a pipeline that runs by the quarter. */
const idleDays = 30;
/** So many different calls refused on the first day are somebody who looks what the key opens. */
const refusals = 3;

/** Finds the key that slept for a month and is then asked whose it is before anything else: whoever holds it had to ask. */
export const sprawlDormantKey = defineConductDetector({
  id: "sprawl-dormant-key",
  version: "1",
  title: "A user's credentials that nobody used for a month were tried out",
  family: "secret-sprawl",
  maturity: "sandbox",
  needsDeclarations: true,
  attack: ["T1078.004", "T1087.004"],
  controls: {
    owaspNhi: ["NHI1:2025", "NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "DE.AE-02"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [{ kind: "declared-identities" }],
  falsePositives: [
    "A pipeline that runs by the month or quarter: Terraform asks whose key it has before all else",
    "A person comes back from leave",
  ],
  triage: [
    "Ask the user's owner whether the call was theirs, and look from where it came",
    "Deactivate the key if nobody needs it: it was not missed for a month",
    "Look what else was called with it since, and what was refused",
  ],
  references: [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    "https://hackingthe.cloud/aws/enumeration/whoami/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
  ],
  judging(whose) {
    if (!whose.identity.startsWith("user:")) return undefined;
    const days = new Map<number, Day>();
    return {
      see(done) {
        const day = days.get(done.day) ?? { first: done, asked: undefined, refused: new Set<string>() };
        days.set(done.day, day);
        if (byBeginning(done, day.first) < 0) day.first = done;
        if (
          done.conduct.api === "sts:GetCallerIdentity" &&
          (day.asked === undefined || byBeginning(done, day.asked) < 0)
        )
          day.asked = done;
        if (done.conduct.outcome === "denied") day.refused.add(done.conduct.api);
      },
      detections() {
        const active = [...new Set([...days.keys(), ...(whose.earlier?.active ?? [])])].sort((a, b) => a - b);
        return [...days]
          .sort(([a], [b]) => a - b)
          .flatMap(([number, day]) => {
            const before = active.findLast((one) => one < number);
            return before === undefined ? [] : triedOut(number, day, { idle: number - before, who: whoSaid(whose) });
          });
      },
    };
  },
});

interface Day {
  first: Done;
  asked: Done | undefined;
  readonly refused: Set<string>;
}

interface Sleeper {
  readonly idle: number;
  readonly who: string;
}

function triedOut(day: number, { first, asked, refused }: Day, { idle, who }: Sleeper): readonly ConductDetection[] {
  // What begins in the same second has no order: it may have been first.
  if (asked === undefined || asked.first > first.first || idle < idleDays) return [];
  const searching = refused.size >= refusals;
  return [
    {
      title: `${who} did nothing for ${idle} days, and then somebody asked whose credentials these are${searching ? ", and tried what they open" : ""}`,
      severity: searching ? "medium" : "low",
      confidence: "low",
      day,
      deviation: "dormant-key",
      done: [asked],
      count: asked.count,
      outcome: asked.conduct.outcome,
      evidence: () => [
        { kind: "count", what: "days without a call", count: idle, limit: idleDays - 1 },
        { kind: "count", what: "different calls refused on that day", count: refused.size },
      ],
    },
  ];
}
