import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PLAIN, settingsOf } from '../scope/what-if';
import { must } from '../testing/must';
import { MODEL, RUN } from '../testing/snapshots';
import type { HostPort } from './host';
import { serve } from './host';
import type { Reply, Request } from './messages';
import type { StepDetail } from './types';

/** The name and the arguments of each call of the engine. */
const engineCalls: unknown[][] = [];

vi.mock('../../pkg/moescope', () => {
  class Engine {
    another = (): Engine => new Engine();
    info = (): unknown => MODEL.info;
    selection_biases = (): unknown => MODEL.selectionBiases;
    vocabulary = (): unknown => MODEL.vocabulary;
    byte_tokens = (): unknown => [...MODEL.byteTokens];
    set_text = (): Uint32Array => new Uint32Array();
    detail = (...asked: unknown[]): unknown => answer(['detail', ...asked], RUN.detail);
    changed_detail = (...asked: unknown[]): unknown => answer(['changed_detail', ...asked], RUN.changedDetail);
    set_what_if = (...asked: unknown[]): unknown => answer(['set_what_if', ...asked], RUN.plan);
    survey = (...asked: unknown[]): unknown => answer(['survey', ...asked], { models: [] });
  }
  const answer = <T>(asked: unknown[], value: T): T => {
    engineCalls.push(asked);
    return value;
  };
  return { default: () => Promise.resolve(), Engine };
});

interface Sent {
  readonly reply: Reply;
  readonly transferred: readonly Transferable[];
}

/** A port that stores the messages that it should send. */
class Port implements HostPort {
  readonly sent: Sent[] = [];
  onmessage: HostPort['onmessage'] = null;

  postMessage(reply: Reply, transferred: Transferable[]): void {
    this.sent.push({ reply, transferred });
  }

  /** Sends a request, and returns the answer and the transferred buffers. */
  async ask(request: Extract<Request, { readonly session: number }>): Promise<Sent & { readonly answer: unknown }> {
    this.onmessage?.(new MessageEvent('message', { data: request }));
    const found = (): Sent | undefined =>
      this.sent.find(({ reply }) => 'id' in reply && reply.id === request.id && reply.reply !== 'record');
    await vi.waitUntil(found);
    const sent = must(found());
    return { ...sent, answer: sent.reply.reply === 'answer' ? sent.reply.answer : undefined };
  }
}

let port = new Port();
const BYTES = new Uint8Array();

beforeEach(async () => {
  engineCalls.length = 0;
  port = new Port();
  serve(port);
  const model = { config: BYTES, checkpoint: BYTES, tokenizer: BYTES };
  await port.ask({ call: 'load', id: 1, session: 0, ask: { wasm: BYTES, model } });
});

describe('the engine’s script', () => {
  test('answers a request for a detail, in both runs, and transfers the buffers of all arrays', async () => {
    for (const [run, call, detail] of [
      ['plain', 'detail', RUN.detail],
      ['changed', 'changed_detail', RUN.changedDetail],
    ] as const) {
      const { answer, transferred } = await port.ask({
        call: 'detail',
        id: run === 'plain' ? 2 : 3,
        session: 1,
        ask: { run, position: 2 },
      });
      expect(engineCalls.at(-1)).toEqual([call, 2]);
      expect(answer).toBe(detail);
      const { position, ...arrays } = answer as StepDetail;
      expect(position).toBe(RUN.position);
      expect(Object.keys(arrays)).toHaveLength(25);
      expect(transferred).toEqual(Object.values(arrays).map(({ values }) => values.buffer));
    }
  });

  test('passes what-ifs and questions to the engine as objects', async () => {
    const whatIf = settingsOf({ ...PLAIN, num_experts_per_tok: 3 });
    const { answer } = await port.ask({ call: 'change', id: 2, session: 1, ask: { whatIf } });
    expect(answer).toBe(RUN.plan);
    const question = { context: 1, users: 2, memory: 3, bits: 16, weights: 8, config: '' };
    await port.ask({ call: 'survey', id: 3, session: 1, ask: { presets: BYTES, question } });
    expect(engineCalls).toEqual([
      ['set_what_if', whatIf],
      ['survey', BYTES, question],
    ]);
  });
});
