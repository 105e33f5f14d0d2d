import { format, type SecretFormat } from "./format.ts";

/** Models, and what is built around them. */
export const aiFormats: readonly SecretFormat[] = [
  format("anthropic-key", "Anthropic docs, API keys", "sk-ant-", /\bsk-ant-[a-z0-9]{3,12}-[A-Za-z0-9_-]{20,300}/),
  format(
    "openai-key",
    "OpenAI docs, API keys",
    ["sk-proj-", "sk-svcacct-", "sk-admin-", "t3blbkfj"],
    /\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,300}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})/,
  ),
  format("openrouter-key", "OpenRouter docs, API keys", "sk-or-", /\bsk-or-v1-[a-f0-9]{64}\b/),
  format("langfuse-key", "Langfuse docs, API keys", "sk-lf-", /\bsk-lf-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b/),
  format(
    "model-api-key",
    "OpenAI docs, API keys (and compatible services)",
    "sk-",
    /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])/,
  ),
  format(
    "huggingface-token",
    "Hugging Face docs, User access tokens",
    ["hf_", "api_org_"],
    /\b(?:hf|api_org)_[A-Za-z0-9]{30,60}\b/,
  ),
  format("replicate-token", "Replicate docs, API tokens", "r8_", /\br8_[A-Za-z0-9]{37}\b/),
  format("groq-key", "Groq docs, API keys", "gsk_", /\bgsk_[A-Za-z0-9]{48,56}\b/),
  format("perplexity-key", "Perplexity docs, API keys", "pplx-", /\bpplx-[A-Za-z0-9]{48,56}\b/),
  format("xai-key", "xAI docs, API keys", "xai-", /\bxai-[A-Za-z0-9]{70,90}\b/),
  format("fireworks-key", "Fireworks AI docs, API keys", "fw_", /\bfw_[A-Za-z0-9]{22,24}\b/),
  format("nvidia-key", "NVIDIA NIM docs, API keys", "nvapi-", /\bnvapi-[A-Za-z0-9_-]{60,80}/),
  format("langsmith-key", "LangSmith docs, API keys", "lsv2_", /\blsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}\b/),
  format("pinecone-key", "Pinecone docs, API keys", "pcsk_", /\bpcsk_[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,64}\b/),
  format("tavily-key", "Tavily docs, API keys", "tvly-", /\btvly-(?:dev-|prod-)?[A-Za-z0-9]{32}\b/),
  format("e2b-key", "E2B docs, API keys", "e2b_", /\be2b_[a-f0-9]{40}\b/),
  format("wandb-key", "Weights & Biases docs, API keys", "wandb_v1_", /\bwandb_v1_[A-Za-z0-9_]{60,90}\b/),
  format("elevenlabs-key", "ElevenLabs docs, API keys", "sk_", /(?<![A-Za-z0-9_])sk_[a-f0-9]{48}\b/),
];
