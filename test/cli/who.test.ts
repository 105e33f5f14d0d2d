import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conflicting, logFile, ndjson, roleArn } from "../fixtures/incident.ts";
import {
  account,
  chain,
  eventId,
  exampleKey,
  fromServiceAccount,
  instanceEnvelope,
  record,
  secondsAfter,
  session,
  sessionKey,
} from "../fixtures/records.ts";
import { attributions, cordon, folderWith, replayed } from "./replay-stage.ts";

const bot = session("bot", "my-pod", sessionKey(23), {
  sessionContext: {
    sessionIssuer: { type: "Role", arn: roleArn("bot"), accountId: account, userName: "bot" },
    attributes: { creationDate: "2026-01-31T11:55:00Z" },
    sourceIdentity: "alice",
  },
});
const many = Array.from({ length: 12 }, (_, place) =>
  record({
    eventID: eventId(600 + place),
    eventTime: `2026-01-31T13:00:${String(place).padStart(2, "0")}Z`,
    userIdentity: session("many", `s${place}`, sessionKey(600 + place)),
  }),
);
const records = [...chain(), fromServiceAccount(), record({ eventID: eventId(50), userIdentity: bot }), ...many];
const launch = record({
  eventID: eventId(80),
  eventTime: secondsAfter(180),
  eventSource: "ec2.amazonaws.com",
  eventName: "RunInstances",
  userIdentity: session("b", "s", sessionKey(2)),
  responseElements: { instancesSet: { items: [{ instanceId: "i-0abcd1234efgh5678" }] } },
});
const started = instanceEnvelope({
  time: secondsAfter(200),
  detail: { "instance-id": "i-0abcd1234efgh5678", state: "running" },
});
const made = folderWith({
  "scaled/a.ndjson": ndjson([...chain(), launch, started]),
  "logs/a.json": logFile(records),
  "logs/b.ndjson": ndjson(records.slice(0, 2)),
  "conflict/a.json": logFile([record(), conflicting(record())]),
  "bad/a.json": logFile(records),
  "bad/b.json": logFile([record({ eventID: eventId(70), eventTime: "never" })]),
});
const at = (name: string): string => join(made, name);
const parsed = (out: readonly string[]) => out.map((line) => JSON.parse(line));

describe("cordon who", () => {
  it("follows a key back to its root, naming event, field, file and place of each step", async () => {
    const { code, out } = await cordon("who", sessionKey(2), at("logs"));
    const text = out.join("\n");
    const [flat, parent] = [text.replace(/\s+/g, " "), `${at("logs")}/a.json#1`];
    expect(code).toBe(0);
    expect(flat).toContain(`key ${sessionKey(2)} was issued by sts:AssumeRole, event ${eventId(12)} at`);
    expect(flat).toContain(`${parent} (and 1 more copy), field responseElements.credentials.accessKeyId`);
    expect(flat).toContain(`key ${sessionKey(1)} was issued by sts:AssumeRole, event ${eventId(11)}`);
    expect(flat).toContain("ends here a long-term key");
    expect(flat).toContain(
      `read from s3:GetObject, event ${eventId(13)} at 2026-01-31T12:02:00Z, ${at("logs")}/a.json#2`,
    );
    expect(text.indexOf("user/trainer")).toBeLessThan(text.indexOf("session a/s"));
    expect(text.indexOf("session a/s")).toBeLessThan(text.indexOf("session b/s"));
  });

  it("says of each fact whether AWS vouches for it or the caller says it", async () => {
    const flat = (await cordon("who", sessionKey(23), at("logs"))).out.join("\n").replace(/\s+/g, " ");
    expect(flat).toContain("the caller says session name my-pod");
    expect(flat).toContain("the caller says source identity (set by the first caller of the chain) alice");
    expect(flat).toContain(`AWS vouches role ${roleArn("bot")}`);
    expect(flat).toContain("AWS vouches subject system:serviceaccount:bots:support-bot");
    expect(flat).not.toContain("AWS vouches session name");
  });

  it("prints the attribution lines that replay prints, of the records it shows", async () => {
    const all = attributions((await replayed("--attributions", at("logs"))).out);
    for (const typed of [sessionKey(2), eventId(13), `arn:aws:sts::${account}:assumed-role/b/s`]) {
      const { code, out } = await cordon("who", typed, "--json", at("logs"));
      expect([code, out]).toEqual([0, all.filter((line) => line.includes(`"eventID":"${eventId(13)}","at"`))]);
    }
  });

  it("follows an event without a caller to the call that caused it, from files and from a store", async () => {
    const store = join(folderWith({}), "s.sqlite");
    await cordon("replay", "--quiet", "--store", store, at("scaled"));
    const id = `aws.ec2:${String(started["id"])}`;
    const own = parsed((await cordon("who", eventId(80), "--json", at("scaled"))).out)[0].attribution;
    for (const from of [[at("scaled")], ["--store", store]]) {
      const [line] = parsed((await cordon("who", id, "--json", ...from)).out);
      expect(line).not.toHaveProperty("principal");
      expect(line.attribution).toMatchObject({ hops: own.hops, root: own.root });
      expect(line.attribution.because).toContain(`ec2:RunInstances (event ${eventId(80)}) started it`);
    }
    expect((await cordon("who", id, at("scaled"))).out.join("\n")).toContain("user/trainer");
  });

  it("lists at most ten sessions of a role, newest first, and says how many there are", async () => {
    const { out, err } = await cordon("who", roleArn("many"), at("logs"));
    expect(out[0]).toBe(`12 sessions match ${roleArn("many")}, newest first:`);
    expect(out.slice(1, 11).map((line) => /ASIA\w+/.exec(line)?.[0])).toEqual(
      Array.from({ length: 10 }, (_, place) => sessionKey(611 - place)),
    );
    expect(out[11]).toBe("");
    expect(err).toEqual(["12 match; these are the 10 that acted last"]);
    expect((await cordon("who", roleArn("many"), "--json", at("logs"))).out).toHaveLength(10);
  });

  it("finds users and their keys, and a role whatever its path", async () => {
    for (const typed of [`arn:aws:iam::${account}:user/trainer`, exampleKey, "AIDACKCEVSQ6C2EXAMPLE"])
      expect(parsed((await cordon("who", typed, "--json", at("logs"))).out)).toMatchObject([
        { principal: { kind: "iam-user", accessKeyId: exampleKey } },
      ]);
    const path = `arn:aws:iam::${account}:role/teams/ml/b`;
    expect(parsed((await cordon("who", path, "--json", at("logs"))).out)).toMatchObject([{ eventID: eventId(13) }]);
    expect((await cordon("who", `arn:aws:iam::${account}:role/man`, at("logs"))).out).toEqual([]);
  });

  it("tells two records with one id apart by the suffix", async () => {
    const all = attributions((await replayed("--attributions", at("conflict"))).out);
    expect(all).toHaveLength(2);
    for (const line of all) {
      const { eventID } = JSON.parse(line);
      expect(parsed((await cordon("who", eventID, "--json", at("conflict"))).out)).toMatchObject([{ eventID }]);
    }
  });

  it("answers the same chain from a store, without places", async () => {
    const store = join(folderWith({}), "s.sqlite");
    await cordon("replay", "--quiet", "--store", store, at("logs"));
    const [line] = parsed((await cordon("who", sessionKey(2), "--json", "--store", store)).out);
    const [whole] = parsed((await cordon("who", sessionKey(2), "--json", at("logs"))).out);
    expect(line.attribution).toEqual(whole.attribution);
    expect(line).not.toHaveProperty("api");
    const flat = (await cordon("who", eventId(13), "--store", store)).out.join("\n").replace(/\s+/g, " ");
    expect(flat).toContain(`was issued by sts:AssumeRole, event ${eventId(12)} at 2026-01-31T12:01:00Z, field`);
  });

  it("says what was read and what to try when nothing matches, with nothing on standard output", async () => {
    const { code, out, err } = await cordon("who", "ASIAI44QH8DHBEXAMPLE\u001b", at("logs"));
    expect([code, out]).toEqual([0, []]);
    expect(err.join()).toMatch(
      /^nothing matches ASIAI44QH8DHBEXAMPLE\\u\{1b\}: 17 records from 2 files were read\. Give/,
    );
  });

  it("exits 3 when something could not be read, 2 without or with two sources, 4 without the store", async () => {
    expect((await cordon("who", exampleKey, at("bad"))).code).toBe(3);
    expect((await cordon("who", exampleKey)).code).toBe(2);
    expect((await cordon("who", exampleKey, at("logs"), "--store", "x")).code).toBe(2);
    expect((await cordon("who", exampleKey, "--store", at("absent"))).code).toBe(4);
  });
});
