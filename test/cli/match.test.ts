import { describe, expect, it } from "vitest";
import { match, matchCommand } from "../../cli/match.ts";
import { spoken } from "./spoken.ts";

interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

async function* chunks(...given: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* given;
}

const run = async (pattern: unknown, ...input: readonly (string | Uint8Array)[]): Promise<Ran> => {
  const { out, err, terminal } = spoken();
  const text = typeof pattern === "string" ? pattern : JSON.stringify(pattern);
  return { code: await match(text, chunks(...input), terminal), out, err };
};

const attach = { source: ["aws.iam"], detail: { eventName: [{ prefix: "Attach" }] } };

describe("cordon match", () => {
  it("prints the lines that match, unchanged, and exits 0", async () => {
    const fits = '{ "source":"aws.iam",  "detail": {"eventName": "AttachRolePolicy", "big": 12345678901234567890} }';
    expect(await run(attach, `${fits}\n{"source":"aws.iam","detail":{}}\n`)).toEqual({ code: 0, out: [fits], err: [] });
  });

  it("exits 0 when nothing matches, and when there is nothing", async () => {
    expect(await run(attach, '{"source":"aws.ec2"}')).toEqual({ code: 0, out: [], err: [] });
    expect(await run(attach)).toEqual({ code: 0, out: [], err: [] });
    expect(await run(attach, "\n \n")).toEqual({ code: 0, out: [], err: [] });
  });

  it("reads one document over several lines, and the elements of a list", async () => {
    expect((await run({ a: [1] }, '{\n  "a": 1\n}\n')).out).toEqual(['{"a":1}']);
    expect((await run({ a: [1] }, '[\n {"a": 1},\n {"a": 2}\n]')).out).toEqual(['{"a":1}']);
    expect((await run({ a: [1] }, '[{"a":2},{"a":1,"b":[]}]')).out).toEqual(['{"a":1,"b":[]}']);
  });

  it("keeps lines and characters whole that arrive in pieces", async () => {
    const bytes = Buffer.from('{"a":"é"}\n{"a":"ü"}');
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await run({ a: ["ü"] }, ...pieces)).toEqual({ code: 0, out: ['{"a":"ü"}'], err: [] });
  });

  it("prints each event before it reads the next line", async () => {
    const { out, terminal } = spoken();
    async function* slow(): AsyncGenerator<string> {
      yield '{"a":1}\n';
      expect(out).toEqual(['{"a":1}']);
      yield '{"a":2}\n';
    }
    expect(await match('{"a":[1]}', slow(), terminal)).toBe(0);
  });

  it("names lines it cannot read, repeats nothing of them, goes on, and exits 3", async () => {
    const ran = await run(
      { a: [1] },
      '{"a":1}\n{"a": AKIAIOSFODNN7EXAMPLE\n',
      Uint8Array.of(0xff, 0x0a),
      '{"a":1,"b":1}',
    );
    expect(ran).toMatchObject({ code: 3, out: ['{"a":1}', '{"a":1,"b":1}'] });
    expect(ran.err).toHaveLength(2);
    expect(ran.err[0]).toContain("line 2: not JSON");
    expect(ran.err[1]).toContain("line 3: not UTF-8");
    expect(ran.err.join()).not.toContain("AKIA");
  });

  it("takes what is no object for no event", async () => {
    expect(await run({ a: [1] }, '5\n[{"a":1},"x"]')).toMatchObject({
      code: 3,
      out: ['{"a":1}'],
      err: [
        expect.stringContaining("line 1: not an event"),
        expect.stringContaining("element 1 of the list on line 2"),
      ],
    });
  });

  it("refuses an invalid pattern with its place, exits 2 and reads no input", async () => {
    const { err, terminal } = spoken();
    async function* untouched(): AsyncGenerator<string> {
      yield "";
      throw new Error("the input was read");
    }
    expect(await match('{"detail":{"state":["x",{"EXISTS":true}]}}', untouched(), terminal)).toBe(2);
    expect(err).toEqual([expect.stringContaining("$.detail.state[1].EXISTS")]);
  });

  it("refuses a pattern that is not JSON, and accepts one with a byte order mark", async () => {
    expect(await run("{a:1}")).toMatchObject({ code: 2, err: [expect.stringContaining("not JSON")] });
    expect(await run(`\ufeff{"a":[1]}`, '{"a":1}')).toMatchObject({ code: 0, out: ['{"a":1}'] });
  });

  it("lets no control character of a pattern reach the terminal", async () => {
    const ran = await run({ "\u001b[2J\u202e": 1 });
    expect(ran.code).toBe(2);
    expect(ran.err.join()).not.toMatch(/[\u001b\u202e]/);
  });

  it("says when a pattern is longer than the default quota, and exits 2 beyond what AWS ever takes", async () => {
    expect(await run({ a: ["x".repeat(2_038)] })).toEqual({ code: 0, out: [], err: [] });
    expect(await run({ a: ["x".repeat(2_039)] })).toMatchObject({ code: 0, err: [expect.stringContaining("2048")] });
    expect((await run({ a: ["x".repeat(4_087)] })).code).toBe(2);
  });
});

describe("the match command", () => {
  it("explains itself with an example", () => {
    const { terminal } = spoken();
    let text = "";
    const command = matchCommand(terminal, () => undefined).configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    for (const part of ["<pattern>", "Exit codes:", "cordon match pattern.json < events.ndjson"])
      expect(text).toContain(part);
  });

  it("exits 2 when the pattern cannot be read, and says which", async () => {
    const { err, terminal } = spoken();
    const codes: number[] = [];
    await matchCommand(terminal, (code) => codes.push(code)).parseAsync(["no-such-pattern.json"], { from: "user" });
    expect(codes).toEqual([2]);
    expect(err).toEqual([expect.stringMatching(/no-such-pattern\.json \(ENOENT\)/)]);
  });
});
