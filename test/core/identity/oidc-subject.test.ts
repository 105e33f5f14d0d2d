import { describe, expect, it } from "vitest";
import { oidcSubjectOf, subjectInWords } from "../../../core/identity/oidc-subject.ts";

const rows: readonly (readonly [subject: string, expected: object, words: string])[] = [
  [
    "repo:acme/bot:environment:prod",
    { repository: "acme/bot", environment: "prod" },
    "repository acme/bot, environment prod",
  ],
  [
    "repo:acme/bot:ref:refs/heads/main",
    { repository: "acme/bot", ref: "refs/heads/main" },
    "repository acme/bot, ref refs/heads/main",
  ],
  ["repo:acme/bot:pull_request", { repository: "acme/bot", pullRequest: true }, "repository acme/bot, a pull request"],
  [
    "repo:acme/bot:pull_request:job_workflow_ref:acme/ci/.github/workflows/x.yml@refs/heads/main",
    { repository: "acme/bot", pullRequest: true, jobWorkflow: "acme/ci/.github/workflows/x.yml@refs/heads/main" },
    "repository acme/bot, workflow acme/ci/.github/workflows/x.yml@refs/heads/main, a pull request",
  ],
  [
    "repository_owner_id:1234:repo:acme/bot:run_id:19283746501",
    { repository: "acme/bot", run: "19283746501" },
    "repository acme/bot, run 19283746501",
  ],
  [
    "project_path:acme/bots/support:ref_type:branch:ref:main",
    { repository: "acme/bots/support", ref: "main" },
    "repository acme/bots/support, ref main",
  ],
  [
    "organization:acme:project:agents:workspace:prod:run_phase:plan",
    { organization: "acme", project: "agents", workspace: "prod", phase: "plan" },
    "organization acme, project agents, workspace prod, phase plan",
  ],
  [
    "organization:acme:pipeline:deploy:ref:refs/heads/main:commit:0123abc:step:build",
    { organization: "acme", pipeline: "deploy", ref: "refs/heads/main" },
    "organization acme, pipeline deploy, ref refs/heads/main",
  ],
];

describe("the subject of a pipeline's token", () => {
  it.each(rows)("reads %s", (subject, expected, words) => {
    expect(oidcSubjectOf(subject)).toEqual(expected);
    expect(subjectInWords(subject)).toBe(words);
  });

  it.each([
    "",
    "system:serviceaccount:bots:support-bot",
    "us-east-1:11111111-2222-4333-8444-555555555555",
    "__proto__",
  ])("says nothing about %s", (subject) => expect(subjectInWords(subject)).toBe(""));

  it("takes a word behind a name for its value, even when it is a name itself, and keeps the first of two", () => {
    expect(oidcSubjectOf("repo:acme/bot:environment:ref")).toEqual({ repository: "acme/bot", environment: "ref" });
    expect(oidcSubjectOf("repo:acme/bot:environment:a:b")).toMatchObject({ environment: "a:b" });
    expect(oidcSubjectOf("repo:acme/bot:environment:dev:environment:prod")).toMatchObject({ environment: "dev" });
  });

  it("stays quick on long text", () => {
    expect(oidcSubjectOf("repo:".repeat(200_000))).toEqual({ repository: expect.any(String) });
  });
});
