import { calls } from "../../event/watch.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, namingAll, placedIn, writtenAs } from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";

export const glueJob: Resolver = {
  id: "glue-job",
  summary:
    "Glue asks for the session itself and names it `GlueJobRunnerSession`, the same for all jobs: AWS tells that it is a job, the role tells whose. The records of the jobs show that the role works there; the name alone is a guess.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const begun = begunBy(holder, "glue");
    if (conventionOf(holder.principal.session.name) !== "glue" || begun === "by-another") return undefined;
    const jobs = placedIn(holder, "glue-job").map((one) => one.resource);
    const how = begun === "by-service" ? linked : jobs.length > 0 ? indexed(jobs) : inferred;
    return declared(
      holder,
      { id: `glue:${holder.principal.role}`, ...how },
      namingAll(jobs, (one) => holder.registry.selecting("glueJob", writtenAs(one))),
    );
  },
};

type How = Pick<Claim, "class" | "because">;

const linked: How = { class: "linked", because: "Glue asked for this session to run a job with this role" };
const indexed = (jobs: readonly string[]): How => ({
  class: "indexed",
  because: `the session is named as Glue names them, and its role is that of ${jobs.length === 1 ? jobs[0] : `${jobs.length} jobs`}`,
});
const inferred: How = {
  class: "inferred",
  because: "the session is named as Glue names them, and nothing shows that its role works there",
};
