import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acts, incident, logFile, manifest, roleName } from "../fixtures/incident.ts";
import { account, eventId, exampleKey, record, sessionKey } from "../fixtures/records.ts";
import { attributions, cordon, folderWith, replayed } from "./replay-stage.ts";

const denied = record({
  eventID: eventId(900),
  eventTime: "2026-02-01T00:00:00Z",
  errorCode: "AccessDenied",
  resources: [{ ARN: "arn:aws:s3:::training-data/\u001b[31m" }],
});
const made = folderWith({
  "incident/a.json": logFile(incident({ hops: 2, acts, ordinary: 6 })),
  "incident/copy.json": logFile(incident({ hops: 2, acts, ordinary: 6 })),
  "denied/a.json": logFile([denied]),
  "workloads/w.yaml": manifest("two", roleName(2)),
});
const at = (name: string): string => join(made, name);
const parsed = (out: readonly string[]) => out.map((line) => JSON.parse(line));

describe("cordon timeline", () => {
  const declared = ["--workloads", at("workloads"), at("incident")];
  it("prints attribution, finding and decision lines in time order, as replay prints them", async () => {
    const { code, out } = await cordon("timeline", "two", "--json", ...declared);
    const replay = (await replayed("--attributions", ...declared)).out;
    const own = replay.filter((line) => /"type":"(finding|decision)"/.test(line) || /"id":"two"/.test(line));
    expect(code).toBe(0);
    expect([...out].sort()).toEqual(own.filter((line) => !/"type":"case"/.test(line)).sort());
    const times = parsed(out).flatMap((line) => (line.at === undefined ? [] : [line.at]));
    expect(times).toEqual([...times].sort());
    expect(out.filter((line) => line.includes('"type":"finding"'))).toHaveLength(4);
  });

  it("goes with a user through every role", async () => {
    const all = (await replayed("--attributions", at("incident"))).out;
    const { out } = await cordon("timeline", `arn:aws:iam::${account}:user/trainer`, "--json", at("incident"));
    expect(attributions(out)).toEqual(attributions(all));
  });

  it("folds equal calls, says who signed when it changes, and marks findings with what was decided", async () => {
    const { out } = await cordon("timeline", "two", ...declared);
    const text = out.join("\n");
    expect(out[0]).toBe("2026-01-31");
    expect(out[1]).toBe(`  signed by session role-2/s  ${sessionKey(2)}`);
    expect(text).toMatch(/s3:GetObject {2}x 3 to 12:00:35/);
    expect(text).toMatch(/^! 12:01:00 {2}FINDING \w+: Role \S+ may now do everything/m);
    expect(text).toMatch(/DECIDED observe \(mode observe\); in contain mode: \w+, contain-role /);
  });

  it("speaks about the time between --since and --until", async () => {
    const window = ["--since", "2026-01-31T12:01:00Z", "--until", "2026-01-31T12:01:02Z"];
    const { out } = await cordon("timeline", "two", "--json", ...window, ...declared);
    expect(
      parsed(out)
        .filter((line) => line.type === "attribution")
        .map((line) => line.at),
    ).toEqual(["2026-01-31T12:01:00Z", "2026-01-31T12:01:01Z"]);
  });

  it("prints of a store what it kept, and says how much that is", async () => {
    const store = join(folderWith({}), "s.sqlite");
    await cordon("replay", "--quiet", "--store", store, ...declared);
    const { out, err } = await cordon("timeline", "two", "--json", "--workloads", at("workloads"), "--store", store);
    expect(err.join()).toMatch(/^\d+ of \d+ records are shown: a store keeps/);
    expect(out.filter((line) => line.includes('"type":"finding"'))).toHaveLength(4);
    expect(attributions(out).length).toBeGreaterThan(0);
  });

  it("says when nothing matches", async () => {
    const { code, out, err } = await cordon("timeline", "nobody", at("incident"));
    expect([code, out, err.length]).toEqual([0, [], 1]);
  });

  it("shows what became of a call that was not done, and what it was about, safe for a terminal", async () => {
    const { out } = await cordon("timeline", exampleKey, at("incident"), at("denied"));
    expect(out.slice(-3)).toEqual([
      "2026-02-01",
      `  signed by user/trainer  ${exampleKey}`,
      `  00:00:00  ${account} us-east-1  s3:GetObject  denied  arn:aws:s3:::training-data/\\u{1b}[31m`,
    ]);
    for (const line of out) expect(line.length).toBeLessThanOrEqual(120);
  });
});
