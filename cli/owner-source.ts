import { readOwnerFiles } from "../adapters/local/owner-files.ts";
import { cloudFormationOwners } from "../core/flow/suggest/owner-cloudformation.ts";
import { kubernetesOwners } from "../core/flow/suggest/owner-kubernetes.ts";
import { type ParsedFile, terraformOwners } from "../core/flow/suggest/owner-terraform.ts";
import type { OwnerFact } from "../core/flow/suggest/suggest-owner.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";

/** Files that name owners, each repeatable. */
export interface OwnerOptions {
  readonly terraform?: readonly string[];
  readonly cloudformation?: readonly string[];
  readonly kubernetes?: readonly string[];
}

/** What the files say of owners and environments; a file that could not be read is named, and the code says so. */
export async function ownersFrom(
  { terraform = [], cloudformation = [], kubernetes = [] }: OwnerOptions,
  terminal: Terminal,
): Promise<{ readonly facts: readonly OwnerFact[]; readonly code: number }> {
  let code: number = exit.done;
  const say = (file: string, because: string): void => {
    code = exit.unread;
    terminal.err(visible(`${file}: ${because}`));
  };
  const read = async (given: readonly string[]): Promise<readonly ParsedFile[]> => {
    const { files, unread } = await readOwnerFiles(given.map((shown) => ({ path: pathFrom(shown), shown })));
    for (const { file, because } of unread) say(file, because);
    return files;
  };
  const each = (
    files: readonly ParsedFile[],
    owners: (file: ParsedFile) => readonly OwnerFact[] | undefined,
    wanted: string,
  ): readonly OwnerFact[] =>
    files.flatMap((one) => {
      const facts = owners(one);
      if (facts === undefined) say(one.file, `is not ${wanted}`);
      return facts ?? [];
    });
  const ofTerraform = each(
    await read(terraform),
    terraformOwners,
    "the output of terraform show -json, nor a state file",
  );
  const ofKubernetes = each(await read(kubernetes), kubernetesOwners, "the output of kubectl get -o json");
  const ofStacks = cloudFormationOwners(await read(cloudformation));
  for (const file of ofStacks.unread)
    say(
      file,
      "is neither a CloudFormation template in JSON nor the output of describe-stacks or describe-stack-resources",
    );
  return { facts: [...ofTerraform, ...ofStacks.facts, ...ofKubernetes], code };
}
