// The built-in lessons: their files, against the catalogue, the limits and the named sources.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import presets from '../engine/presets.json';
import { lessonWords } from './words';
import { must } from '../testing/must';
import { MODEL } from '../testing/snapshots';
import { LESSONS } from './catalogue';
import { DEEPSEEK_V3 as V3 } from './deepseek-v3';
import { lessonFile } from './files';
import { misfitOf } from './fits';
import type { Lesson } from './format';
import { MOST_WORDS } from './format';
import { wordCount } from './inline';
import { parseLesson } from './parse';

const words = lessonWords('en');

function builtIn(id: string): Lesson {
  const { lesson, problems } = parseLesson(readFileSync(new URL(`./en/${id}.md`, import.meta.url), 'utf8'));
  if (!lesson) throw new Error(problems.map(words.problem).join('\n'));
  return lesson;
}

describe.each(LESSONS)('the lesson $id', ({ id, title, minutes }) => {
  const lesson = builtIn(id);

  test('is in the catalogue with its title and minutes', async () => {
    expect({ id: lesson.id, title: lesson.title, minutes: lesson.minutes }).toEqual({ id, title, minutes });
    expect(await lessonFile(id)).toBe(readFileSync(new URL(`./en/${id}.md`, import.meta.url), 'utf8'));
  });

  test('has 5 to 8 steps of at most 60 words, and at least two questions', () => {
    expect(lesson.steps.length).toBeGreaterThanOrEqual(5);
    expect(lesson.steps.length).toBeLessThanOrEqual(8);
    expect(lesson.steps.filter(({ asked }) => asked)).not.toHaveLength(1);
    for (const { title, text, asked } of lesson.steps) {
      expect(wordCount(text), title).toBeLessThanOrEqual(MOST_WORDS);
      expect(wordCount(asked?.text ?? []), title).toBeLessThanOrEqual(MOST_WORDS);
    }
  });

  test('fits the shipped model', () => {
    expect(misfitOf(lesson, MODEL)).toBeNull();
  });

  test('asks nothing whose answer is written in the lesson as a number', () => {
    const file = readFileSync(new URL(`./en/${id}.md`, import.meta.url), 'utf8');
    expect(file.replace(/<!--.*?-->/gsu, '')).not.toMatch(/\b(?:192|960|2,?048|2,?560|70,?272|10\.7|13\.3|53 ?%)\b/u);
  });
});

test('a lesson that is not built in has no file', async () => {
  expect(await lessonFile('tea')).toBeNull();
  expect(await lessonFile('constructor')).toBeNull();
});

test('the figures of DeepSeek-V3 are those of the published models', () => {
  const preset = must(presets.presets.find(({ id }) => id === 'deepseek-v3'));
  expect({
    layers: preset.num_hidden_layers,
    denseLayers: preset.first_k_dense_replace,
    experts: preset.n_routed_experts,
    sharedExperts: preset.n_shared_experts,
    chosen: preset.num_experts_per_tok,
    groups: preset.n_group,
    keptGroups: preset.topk_group,
    scale: preset.routed_scaling_factor,
    heads: preset.num_attention_heads,
    latent: preset.kv_lora_rank,
    ropeKey: preset.qk_rope_head_dim,
    nopeKey: preset.qk_nope_head_dim,
    value: preset.v_head_dim,
    parameters: `${V3.parameters / 1e9}B`,
    active: `${V3.active / 1e9}B`,
  }).toEqual({
    layers: V3.layers,
    denseLayers: V3.denseLayers,
    experts: V3.experts,
    sharedExperts: V3.sharedExperts,
    chosen: V3.chosen,
    groups: V3.groups,
    keptGroups: V3.keptGroups,
    scale: V3.scale,
    heads: V3.heads,
    latent: V3.latent,
    ropeKey: V3.ropeKey,
    nopeKey: V3.nopeKey,
    value: V3.value,
    parameters: preset.params_total_published,
    active: preset.params_active_published,
  });
  expect((V3.latent + V3.ropeKey) * V3.valueBytes * V3.layers).toBe(preset.kv_bytes_per_token_bf16);
  const { deepseek_v3_cache_values: values } = MODEL.info;
  expect(values.latent).toBe(V3.latent + V3.ropeKey);
  expect(values.plain_mha).toBe(2 * V3.heads * V3.value);
  expect(values.expanded).toBe(V3.heads * (V3.nopeKey + V3.ropeKey + V3.value));
});
