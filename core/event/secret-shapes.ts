/** What stands where a secret stood. */
export const masked = "[masked]";

/**
 * Shapes that are secrets by themselves. Each provider documents its prefix and length; every quantifier is bounded or
 * runs to one fixed end, so that matching stays linear.
 */
const shapes: readonly RegExp[] = [
  // PEM private keys (RFC 7468); without an end line everything that follows is taken for key material.
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  // GitHub, "About authentication to GitHub: token formats".
  /\bgh[pousr]_[A-Za-z0-9]{36,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,255}/g,
  // GitLab, "Token overview: token prefixes"; npm, "About access tokens"; Hugging Face, "User access tokens".
  /\bglpat-[A-Za-z0-9_-]{20,300}/g,
  /\bnpm_[A-Za-z0-9]{36}/g,
  /\bhf_[A-Za-z0-9]{30,60}/g,
  // OpenAI and Anthropic API keys; Stripe, "API keys".
  /\bsk-[A-Za-z0-9_-]{20,300}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}/g,
  // Slack, "Token types"; Google Cloud, "API keys".
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,300}/g,
  /\bxapp-[A-Za-z0-9-]{10,300}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  // Amazon Bedrock API keys, long-term and short-term; AppSync API keys; STS session tokens.
  /\bABSK[A-Za-z0-9+/=]{40,300}/g,
  /\bbedrock-api-key-[A-Za-z0-9+/=_-]{20,8000}/g,
  /\bda2-[a-z0-9]{26}\b/g,
  /\b(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/=]{60,8000}/g,
  // JSON Web Tokens (RFC 7519).
  /\beyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,8000}(?:\.[A-Za-z0-9_-]{1,8000})?/g,
  // Presigned requests ("Authenticating Requests: Using Query Parameters"), passwords in URLs and assignments.
  /\bX-Amz-(?:Security-Token|Signature)=[^&\s"]{16,8000}/gi,
  /(?<=:\/\/[^\s/:@]{0,128}:)[^\s/@]{1,256}(?=@)/g,
  /\b(?:password|passwd|pwd|secret|token|api_?key|secret_?access_?key)=(?!arn:)[^\s&"',;]{4,4000}/gi,
];

/** One test that lets ordinary text through: no shape matches what this does not match. */
const suspicious =
  /PRIVATE KEY-----|gh[pousr]_|github_pat_|glpat-|npm_|hf_|[rs]k[-_]|xox[abeoprs]-|xapp-|AIza|ABSK|bedrock-api-key-|da2-|QoJb3|woGZX|QoGZX|eyJ|X-Amz-|:\/\/[^\s/@]{1,384}@|(?:password|passwd|pwd|secret|token|key)=/i;

const shortest = 8;
const keyLength = 40;

/** The text with everything that is shaped as a secret taken out. Text without one comes back as it is. */
export function maskShapes(text: string): string {
  if (text.length < shortest) return text;
  const rest = suspicious.test(text) ? shapes.reduce((left, shape) => left.replace(shape, masked), text) : text;
  return rest.length < keyLength ? rest : maskSecretKeys(rest);
}

/** AWS secret access keys have no prefix: 40 characters of base64 that stand alone and look drawn at random. */
function maskSecretKeys(text: string): string {
  let start = 0;
  let from = 0;
  let out = "";
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && classOf(text.charCodeAt(i)) > 0) continue;
    if (i - start === keyLength && looksRandom(text, start)) {
      out += text.slice(from, start) + masked;
      from = i;
    }
    start = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

/**
 * Forty random characters change between upper case, lower case, digits and signs 25 times on average and hold about 30
 * different ones. Names in camel case, paths and hexadecimal digests stay well below both bounds.
 */
function looksRandom(text: string, start: number): boolean {
  const seen = new Set<number>();
  let changes = 0;
  let before = 0;
  for (let i = start; i < start + keyLength; i++) {
    const code = text.charCodeAt(i);
    const here = classOf(code);
    if (here !== before && before > 0) changes++;
    before = here;
    seen.add(code);
  }
  return changes >= 15 && seen.size >= 20;
}

/** 1 upper case, 2 lower case, 3 digit, 4 a sign of base64, 0 anything else. */
function classOf(code: number): 0 | 1 | 2 | 3 | 4 {
  if (code >= 0x61 && code <= 0x7a) return 2;
  if (code >= 0x41 && code <= 0x5a) return 1;
  if (code >= 0x30 && code <= 0x39) return 3;
  return code === 0x2b || code === 0x2f ? 4 : 0;
}
