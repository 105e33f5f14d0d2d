import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AwsCall } from "../../../core/flow/aws-call.ts";

const folder = join(import.meta.dirname, "../../../adapters/aws");
const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const adapters = sources.filter((name) => !name.endsWith(".calls.ts"));

describe("the rights of the AWS adapters", () => {
  test.each(adapters)("%s lists exactly the calls that it makes", async (name) => {
    const used = apisIn(readFileSync(join(folder, name), "utf8"));
    const listed = await callsBeside(name);
    expect(listed.map(({ api }) => api).sort()).toEqual([...used.apis].sort());
    expect(used.unbounded).toEqual([]);
  });

  test.each(sources.filter((name) => name.endsWith(".calls.ts")))("%s stands beside an adapter", (name) => {
    expect(adapters).toContain(name.replace(".calls.ts", ".ts"));
  });

  test.each(sources.filter((name) => name.endsWith(".calls.ts")))(
    "%s is data that imports only types of core",
    (name) => {
      const imports = readFileSync(join(folder, name), "utf8").match(/^import .*$/gm) ?? [];
      for (const line of imports) expect(line).toMatch(/^import type \{[^}]+\} from "\.\.\/\.\.\/core\//);
    },
  );

  test.each(adapters)("%s has no star and no partition in a right", async (name) => {
    for (const { rights } of await callsBeside(name))
      for (const { action, resource } of rights) {
        expect(action).not.toContain("*");
        expect(resource).not.toMatch(/arn:aws/);
      }
  });

  test("what a pull uses only reads", async () => {
    const all = (await Promise.all(["caller.ts", "cloudtrail-lookup.ts", "trail-bucket.ts"].map(callsBeside))).flat();
    expect(all.map(({ access }) => access)).toEqual(["read", "read", "read", "read"]);
    for (const { api } of all) expect(api).toMatch(/:(?:Get|List|Lookup|Describe)/);
  });
});

describe("the reader of sources behind it", () => {
  test("sees a command in a lazy import, in a static one and behind a module's name", () => {
    const lazy = 'const { PutObjectCommand } = await import("@aws-sdk/client-s3");';
    expect([...apisIn(lazy).apis]).toEqual(["s3:PutObject"]);
    const fixed = 'import { A, AttachRolePolicyCommand as X } from "@aws-sdk/client-iam";';
    expect([...apisIn(fixed).apis]).toEqual(["iam:AttachRolePolicy"]);
    const module = 'const s3 = await import("@aws-sdk/client-s3"); new s3.DeleteObjectCommand({})';
    expect([...apisIn(module).apis]).toEqual(["s3:DeleteObject"]);
  });

  test("refuses what makes calls without a command's name", () => {
    expect(apisIn('import { S3 } from "@aws-sdk/client-s3"; new S3({})').unbounded).toEqual(["S3"]);
    expect(apisIn('import { paginateListObjectsV2 } from "@aws-sdk/client-s3";').unbounded).toEqual([
      "paginateListObjectsV2",
    ]);
    expect(apisIn('import { Upload } from "@aws-sdk/lib-storage";').unbounded).toEqual(["@aws-sdk/lib-storage"]);
    const two = 'import {} from "@aws-sdk/client-s3"; import {} from "@aws-sdk/client-iam"; GetObjectCommand';
    expect(apisIn(two).unbounded).toEqual(["GetObjectCommand of s3 or iam"]);
  });

  test("does not take an output type for a command", () => {
    expect([...apisIn('import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";').apis]).toEqual([]);
  });
});

async function callsBeside(name: string): Promise<readonly AwsCall[]> {
  const beside = name.replace(".ts", ".calls.ts");
  if (!sources.includes(beside)) return [];
  const module: { readonly calls: readonly AwsCall[] } = await import(`${folder}/${beside}`);
  return module.calls;
}

/** The operations a source can call, by the names of its commands; and what cannot be told from names. */
function apisIn(source: string) {
  const packages = [...source.matchAll(/"@aws-sdk\/([\w-]+)"/g)].map(([, name = ""]) => name);
  const services = [...new Set(packages.filter((name) => name.startsWith("client-")).map((name) => name.slice(7)))];
  const commands = new Set([...source.matchAll(/\b([A-Z]\w*)Command\b/g)].map(([, name = ""]) => name));
  const unbounded = [
    ...packages.filter((name) => !name.startsWith("client-")).map((name) => `@aws-sdk/${name}`),
    ...[...source.matchAll(/\b(?:paginate|waitUntil|waitFor)[A-Z]\w*/g)].map(([name]) => name),
    ...[...source.matchAll(/\bnew (?:\w+\.)?([A-Z]\w*)\(/g)]
      .map(([, name = ""]) => name)
      .filter((name) => services.some((service) => name.toLowerCase() === service.replaceAll("-", ""))),
    ...(services.length > 1 ? [...commands].map((name) => `${name}Command of ${services.join(" or ")}`) : []),
  ];
  return { apis: new Set([...commands].map((name) => `${services[0]}:${name}`)), unbounded: [...new Set(unbounded)] };
}
