import { calls } from "../../event/watch.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, namingAll, placedIn, type RoleSession, writtenAs } from "../role-session.ts";
import { conventionOf, idIn } from "../session-convention.ts";

export const codebuildBuild: Resolver = {
  id: "codebuild-build",
  summary:
    "CodeBuild asks for the session itself and names it `AWSCodeBuild-<build id>`. `StartBuild` and the project's records show that the role works there; the name alone is a guess.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const begun = begunBy(holder, "codebuild");
    if (conventionOf(holder.principal.session.name) !== "codebuild" || begun === "by-another") return undefined;
    const build = idIn(holder.principal.session.name);
    const projects = projectsOf(holder, build);
    const id = `codebuild:${holder.principal.role}/${build}`;
    const how = begun === "by-service" ? linked : projects.length > 0 ? indexed(projects) : inferred;
    return declared(
      holder,
      { id, ...how },
      namingAll(projects, (one) => holder.registry.selecting("codeBuildProject", writtenAs(one))),
    );
  },
};

type How = Pick<Claim, "class" | "because">;

const linked: How = { class: "linked", because: "CodeBuild asked for this session under the build's id" };
const indexed = (projects: readonly string[]): How => ({
  class: "indexed",
  because: `the session's name is like a build's, and its role is that of ${projects.length === 1 ? projects[0] : `${projects.length} projects`}`,
});
const inferred: How = {
  class: "inferred",
  because: "the session's name is like a build's, and nothing shows that its role works in CodeBuild",
};

/** The build's own project when its start was seen, else all that have the role. */
function projectsOf(holder: RoleSession, build: string): readonly string[] {
  const { principal, placements } = holder;
  const run = placements.ofRun("codebuild-project", principal.account ?? "", build);
  return run?.role === principal.role
    ? [run.resource]
    : placedIn(holder, "codebuild-project").map((one) => one.resource);
}
