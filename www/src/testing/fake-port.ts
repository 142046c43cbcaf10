// A fake of the port through which the page talks to the engine's script.

import type { Call, Calls, Fault, Loaded, Reply, Request } from '../engine/messages';
import type { EnginePort } from '../engine/start';
import { must } from './must';
import { MODEL } from './snapshots';

/** A port of a script that answers `load` by itself, unless its model is null. The test answers all other requests. */
export class FakePort implements EnginePort {
  readonly where = 'worker';
  readonly asked: Request[] = [];
  readonly transferred: Transferable[][] = [];
  /** Number of times that the script was ended. */
  ends = 0;
  readonly #model: Loaded | null;
  #onReply: (reply: Reply) => void = () => undefined;
  #onCrash: (message: string) => void = () => undefined;

  constructor(model: Loaded | null = MODEL) {
    this.#model = model;
  }

  post(request: Request, transfer: Transferable[]): void {
    this.asked.push(request);
    this.transferred.push(transfer);
    if (request.call === 'load' && this.#model) this.answer(this.#model, request.id);
  }

  hear(onReply: (reply: Reply) => void, onCrash: (message: string) => void): void {
    this.#onReply = onReply;
    this.#onCrash = onCrash;
  }

  end(): void {
    this.ends++;
  }

  get ended(): boolean {
    return this.ends > 0;
  }

  say(reply: Reply): void {
    this.#onReply(reply);
  }

  answer(answer: Calls[Call]['answer'], id = this.last.id): void {
    queueMicrotask(() => {
      this.#onReply({ reply: 'answer', id, answer });
    });
  }

  refuse(fault: Fault, id = this.last.id): void {
    this.#onReply({ reply: 'fault', id, fault });
  }

  crash(message: string): void {
    this.#onCrash(message);
  }

  get last(): Request {
    return must(this.asked.at(-1));
  }

  get calls(): string[] {
    return this.asked.map(({ call }) => call);
  }
}
