import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { logFiles } from "../../../adapters/local/log-tree.ts";
import { logFolder } from "./log-folder.ts";

const { write } = logFolder();
const shown = (paths: readonly { shown: string; path: string }[]): readonly string[] =>
  [...logFiles(paths)].map((one) => {
    if ("because" in one) return `${one.shown}: ${one.because}`;
    return "passedOver" in one
      ? `${one.shown}, passed over: ${one.passedOver}`
      : `${one.shown} ${one.bytes} ${one.given}`;
  });

describe("finding files", () => {
  it("goes down every folder, in a stable order, and shows paths as they were given", () => {
    const folder = write({
      "b.json": "12",
      "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz": "1",
      "a/z": "",
      "a/.hidden": "123",
    });
    expect(shown([{ shown: "logs/", path: folder }])).toEqual([
      "logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz 1 false",
      "logs/a/.hidden 3 false",
      "logs/a/z 0 false",
      "logs/b.json 2 false",
    ]);
  });

  it("says of a file whether it was named", () => {
    const folder = write({ "a.json": "1" });
    expect(shown([{ shown: "./a.json", path: join(folder, "a.json") }])).toEqual(["./a.json 1 true"]);
  });

  it("says what is not there, and goes on", () => {
    const folder = write({ "a.json": "1" });
    expect(
      shown([
        { shown: "gone", path: join(folder, "gone") },
        { shown: "a", path: join(folder, "a.json") },
      ]),
    ).toEqual(["gone: there is no such file or folder, or it cannot be read", "a 1 true"]);
  });

  it("follows a link that was named, and none inside a folder, and says so: it may lead anywhere", () => {
    const outside = write({ "secret.json": "1" });
    const folder = write({ "a.json": "1" });
    symlinkSync(outside, join(folder, "link"));
    symlinkSync(join(outside, "secret.json"), join(folder, "file-link"));
    symlinkSync(folder, join(folder, "loop"));
    expect(shown([{ shown: "in", path: folder }])).toEqual([
      "in/a.json 1 false",
      "in/file-link, passed over: links are not followed",
      "in/link, passed over: links are not followed",
      "in/loop, passed over: links are not followed",
    ]);
    expect(shown([{ shown: "link", path: join(folder, "link") }])).toEqual(["link/secret.json 1 false"]);
    expect(shown([{ shown: "dangling", path: join(folder, "nowhere") }])).toHaveLength(1);
  });

  it("says so when a file is removed while its folder is read", () => {
    const folder = write({ a: "1", b: "1", c: "1" });
    const files = logFiles([{ shown: "in", path: folder }]);
    files.next();
    rmSync(join(folder, "b"));
    expect([...files].map((one) => one.shown)).toEqual(["in/b", "in/c"]);
  });

  it.skipIf(process.getuid?.() === 0)("says which folder cannot be read, and goes on", () => {
    const folder = write({ "a.json": "1" });
    mkdirSync(join(folder, "closed"), { mode: 0o000 });
    try {
      expect(shown([{ shown: "in", path: folder }])).toEqual([
        "in/a.json 1 false",
        "in/closed: the folder cannot be read",
      ]);
    } finally {
      chmodSync(join(folder, "closed"), 0o700);
    }
  });
});
