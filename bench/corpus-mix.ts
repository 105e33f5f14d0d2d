import type { Random } from "./corpus-random.ts";
import type { Profile } from "./corpus-world.ts";
import type { Template } from "./templates.ts";
import { aiTemplates } from "./templates-ai.ts";
import { controlTemplates } from "./templates-control.ts";
import { dataTemplates } from "./templates-data.ts";
import { platformTemplates } from "./templates-platform.ts";
import { writeTemplates } from "./templates-writes.ts";

/** Draws the next call of a role with this profile. */
export const nextCall = (random: Random, profile: Profile): Template =>
  random.pick(random.chance(writes[profile]) ? rareWrites : reads[profile]);

/** How much of each room of APIs a profile uses. */
type Share = { readonly data: number; readonly ai: number; readonly platform: number; readonly control: number };

/** A list in which every API stands as often as its weight says, so that drawing is one step. */
function mixed({ data, ai, platform, control }: Share): readonly Template[] {
  const rooms: readonly (readonly [readonly Template[], number])[] = [
    [dataTemplates, data],
    [aiTemplates, ai],
    [platformTemplates, platform],
    [controlTemplates, control],
  ];
  return rooms.flatMap(([templates, share]) => templates.flatMap((one) => repeated(one, one.weight * share)));
}

const repeated = (template: Template, times: number): readonly Template[] =>
  Array.from({ length: Math.max(1, Math.round(times)) }, () => template);

const rareWrites: readonly Template[] = writeTemplates.flatMap((one) => repeated(one, one.weight));

const reads: Readonly<Record<Profile, readonly Template[]>> = {
  inference: mixed({ data: 4, ai: 12, platform: 2, control: 1 }),
  training: mixed({ data: 8, ai: 3, platform: 4, control: 1 }),
  retrieval: mixed({ data: 8, ai: 6, platform: 2, control: 1 }),
  platform: mixed({ data: 2, ai: 0.5, platform: 12, control: 3 }),
  pipeline: mixed({ data: 3, ai: 1, platform: 8, control: 6 }),
  person: mixed({ data: 1, ai: 1, platform: 3, control: 4 }),
  service: mixed({ data: 0.1, ai: 0.1, platform: 8, control: 0.1 }),
};

/** The share of calls that change something. */
const writes: Readonly<Record<Profile, number>> = {
  inference: 0.002,
  training: 0.01,
  retrieval: 0.002,
  platform: 0.02,
  pipeline: 0.12,
  person: 0.03,
  service: 0.06,
};
