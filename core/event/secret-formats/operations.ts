import { format, type SecretFormat } from "./format.ts";

/** Watching, paging, and what is a secret wherever it stands. */
export const operationsFormats: readonly SecretFormat[] = [
  format(
    "private-key",
    "RFC 7468, Textual encodings of PKIX, PKCS and CMS structures",
    "private key",
    /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/,
  ),
  format("putty-private-key", "PuTTY manual, PPK file format", "putty-user-key-file-", /\bPuTTY-User-Key-File-\d: /),
  format(
    "age-secret-key",
    "age specification, Encrypted file format",
    "age-secret-key-1",
    /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/,
  ),
  format(
    "jwt",
    "RFC 7519, JSON Web Token",
    "eyj",
    /\beyJ[A-Za-z0-9_-]{10,8000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{8,8000}/,
  ),
  format(
    "sentry-token",
    "Sentry docs, Auth tokens",
    ["sntrys_", "sntryu_", "sntryi_"],
    /\bsntry[sui]_[A-Za-z0-9+/=_-]{60,400}/,
  ),
  format(
    "newrelic-key",
    "New Relic docs, API keys",
    ["nrak-", "nrii-", "nraa-", "nral"],
    /\b(?:NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}|NRAA-[a-f0-9]{27}|[a-f0-9]{36}NRAL)\b/,
  ),
  format(
    "grafana-token",
    "Grafana docs, Service accounts and Cloud access policies",
    ["glsa_", "glc_", "eyjrijoi"],
    /\b(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400}|eyJrIjoi[A-Za-z0-9+/]{60,400}={0,2})/,
  ),
  format("dynatrace-token", "Dynatrace docs, Access tokens", "dt0", /\bdt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b/),
  format(
    "honeycomb-key",
    "Honeycomb docs, API keys",
    ["hcaik_", "hcbik_", "hcalk_"],
    /\bhc[a-z](?:ik|lk|mk)_[a-z0-9]{26,70}\b/,
  ),
  format(
    "pagerduty-token",
    "PagerDuty docs, API access keys",
    "u+",
    /(?<![A-Za-z0-9+_-])u\+[A-Za-z0-9_+-]{18}(?![A-Za-z0-9+_-])/,
  ),
  format(
    "launchdarkly-key",
    "LaunchDarkly docs, API access tokens and SDK keys",
    ["api-", "sdk-"],
    /\b(?:api|sdk)-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b/,
  ),
  format("infracost-key", "Infracost docs, API keys", "ico-", /\bico-[A-Za-z0-9]{32}\b/),
  format("adafruit-key", "Adafruit IO docs, Security", "aio_", /\baio_[A-Za-z0-9]{28}\b/),
  format("rootly-token", "Rootly docs, API keys", "rootly_", /\brootly_[a-f0-9]{64}\b/),
  format("sumologic-access-id", "Sumo Logic docs, Access keys", "su", /\bsu[A-Za-z0-9]{12}:[A-Za-z0-9]{64}\b/),
  format(
    "basic-auth-header",
    "RFC 7617, The Basic HTTP authentication scheme",
    "basic ",
    /\bBasic [A-Za-z0-9+/]{12,400}={0,2}(?![A-Za-z0-9+/=])/i,
  ),
  format("bearer-header", "RFC 6750, Bearer token usage", "bearer ", /\bBearer [A-Za-z0-9._~+/-]{20,4000}={0,2}/i),
];
