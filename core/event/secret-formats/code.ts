import { format, type SecretFormat } from "./format.ts";

/** Where code is kept, built and published. */
export const codeFormats: readonly SecretFormat[] = [
  format(
    "github-token",
    "GitHub docs, About authentication: token formats",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    /\bgh[pousr]_[A-Za-z0-9]{36,255}/,
  ),
  format(
    "github-token",
    "GitHub docs, Fine-grained personal access tokens",
    "github_pat_",
    /\bgithub_pat_[A-Za-z0-9_]{22,255}/,
  ),
  format(
    "gitlab-token",
    "GitLab docs, Token overview: token prefixes",
    ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-"],
    /\bgl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{20,300}/,
  ),
  format(
    "bitbucket-token",
    "Bitbucket Cloud docs, App passwords and access tokens",
    ["atbb", "atctt3"],
    /\b(?:ATBB[A-Za-z0-9]{32}|ATCTT3[A-Za-z0-9_=-]{100,250})/,
  ),
  format("atlassian-token", "Atlassian docs, Manage API tokens", "atatt3", /\bATATT3[A-Za-z0-9_=-]{100,250}/),
  format("npm-token", "npm docs, About access tokens", "npm_", /\bnpm_[A-Za-z0-9]{36}\b/),
  format("pypi-token", "PyPI help, API tokens", "pypi-age", /\bpypi-AgE[A-Za-z0-9_-]{50,1000}/),
  format("rubygems-key", "RubyGems guides, API key scopes", "rubygems_", /\brubygems_[a-f0-9]{48}\b/),
  format("nuget-key", "NuGet docs, API keys", "oy2", /\boy2[a-z0-9]{43}\b/),
  format("crates-token", "The Cargo Book, Publishing: API tokens", "cio", /\bcio[A-Za-z0-9]{32}\b/),
  format(
    "docker-token",
    "Docker docs, Personal and organization access tokens",
    ["dckr_pat_", "dckr_oat_"],
    /\bdckr_[po]at_[A-Za-z0-9_-]{27,40}/,
  ),
  format(
    "artifactory-token",
    "JFrog docs, Access tokens and API keys",
    ["akcp", "cmvmdgtu"],
    /\b(?:AKCp[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9+/=]{56})/,
  ),
  format(
    "circleci-token",
    "CircleCI docs, Managing API tokens",
    ["ccipat_", "cciprj_"],
    /\bCCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}\b/,
  ),
  format(
    "buildkite-token",
    "Buildkite docs, Access tokens",
    ["bkua_", "bkct_", "bkaj_"],
    /\bbk(?:ua|ct|aj)_[A-Za-z0-9]{40}\b/,
  ),
  format(
    "sourcegraph-token",
    "Sourcegraph docs, Access tokens",
    "sgp_",
    /\bsgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}\b/,
  ),
  format("postman-key", "Postman docs, API keys", "pmak-", /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/),
  format("clojars-token", "Clojars wiki, Deploy tokens", "clojars_", /\bCLOJARS_[a-z0-9]{60}\b/i),
  format("octopus-key", "Octopus Deploy docs, API keys", "api-", /\bAPI-[A-Z0-9]{26,36}\b/),
  format(
    "vercel-token",
    "Vercel docs, Tokens",
    ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
    /\bvc[pcairk]_[A-Za-z0-9]{50,70}\b/,
  ),
  format("sonar-token", "SonarQube docs, Managing tokens", ["squ_", "sqp_", "sqa_"], /\bsq[pua]_[a-f0-9]{40}\b/),
  format(
    "snyk-token",
    "Snyk docs, Service accounts",
    "snyk_",
    /\bsnyk_(?:uat|sat)\.[a-f0-9]{8}\.[A-Za-z0-9_.-]{40,400}/,
  ),
  format("prefect-key", "Prefect docs, Manage API keys", ["pnu_", "pnb_"], /\bpn[ub]_[A-Za-z0-9]{36}\b/),
];
