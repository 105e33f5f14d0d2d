import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { OpenFolder } from "../../../adapters/aws/pulled-folder.ts";
import type { PulledFolder } from "../../../core/flow/pull/pull-folder.ts";

export const crash = new Error("the machine went down");

/** What a pull needs besides, with nobody looking and nobody stopping it. */
export const quiet = { progress: { advance: () => {} }, stopping: () => false };

/** The folder until its n-th step, before or after which the machine goes down: the step is done or not done. */
export function crashing(folder: OpenFolder, step: number, when: "before" | "after"): PulledFolder {
  let steps = 0;
  const wrap =
    <Args extends readonly unknown[], Answer>(work: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      steps += 1;
      if (steps > step || (steps === step && when === "before")) throw crash;
      const answer = await work(...args);
      if (steps === step) throw crash;
      return answer;
    };
  return {
    ...folder,
    remember: wrap(folder.remember),
    write: wrap(folder.write),
    extend: wrap(folder.extend),
    finish: wrap(folder.finish),
  };
}

/** The files that a pull shows, without its own. */
export const filesIn = (root: string): readonly string[] =>
  (existsSync(root) ? readdirSync(root, { recursive: true, encoding: "utf8" }) : [])
    .filter((name) => !name.startsWith(".cordon-pull") && statSync(join(root, name)).isFile())
    .sort();

/** The ids of all records in them, one a line. */
export const idsIn = (root: string): readonly string[] =>
  filesIn(root).flatMap((name) =>
    gunzipSync(readFileSync(join(root, name)))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => String(JSON.parse(line).eventID)),
  );
