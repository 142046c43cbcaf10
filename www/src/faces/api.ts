// The scope as the surrounding page sees it. The element's methods and events and the frame's messages are both built
// on it.

import { addressOf, decimals, formatAddress, parseAddress, VERSION, without } from '../scope/address';
import type { Scope } from '../scope/scope';
import type { Complaint, ScopeState, Snapshot } from '../scope/state';
import { firstState } from '../start/prepared';
import { words } from '../text/words';

/** A context is no longer. */
const MOST_STEPS = 1_000_000;

/** What a face says, by the name of the event or message. */
export interface ScopeEvents {
  /** The engine is up. */
  readonly ready: { readonly version: typeof VERSION; readonly model: Snapshot['model']['info'] };
  /** What is shown has changed; `state` is what a link has behind its `#`. */
  readonly statechange: { readonly state: string };
  /** Another token is shown: its position, from 0, its id, and the engine's record of it. */
  readonly step: {
    readonly position: number;
    readonly token: number;
    readonly record: Snapshot['records'][number];
  };
  readonly error: { readonly kind: string; readonly message: string };
  /** Nothing of what was told as an error is wrong any more. */
  readonly recovered: Readonly<Record<string, never>>;
}

export type Emit = <K extends keyof ScopeEvents>(what: K, detail: ScopeEvents[K]) => void;

/** Fields by the names that a link has; null is the usual. */
export type Fields = Readonly<Record<string, Value | null>>;

type Value = string | number | boolean;

export class EmbedApi {
  readonly #scope: Scope;
  readonly #emit: Emit;
  readonly #leave: () => void;
  /** What was said last. */
  #ready = false;
  #record: Snapshot['records'][number] | undefined;
  #state: ScopeState | null = null;
  #address = '';
  #fault: Snapshot['fault'] = null;
  #refused: string | null = null;
  #complaints: readonly Complaint[] = [];
  #wrong = false;

  constructor(scope: Scope, emit: Emit) {
    this.#scope = scope;
    this.#emit = emit;
    this.#leave = scope.store.listen(snapshot => {
      this.#tell(snapshot);
    });
  }

  /** Goes on by tokens, or back. */
  step(by: number): void {
    const direction = by < 0 ? -1 : 1;
    const steps = Math.min(Math.abs(Math.trunc(by)), MOST_STEPS);
    const { position } = this.#scope.store.snapshot.state;
    if (steps === 1) this.#scope.ask({ do: 'step', by: direction });
    else if (steps > 1) this.seek(position + direction * steps);
  }

  /** Goes to a token by its position, from 0. */
  seek(position: number): void {
    if (Number.isFinite(position)) this.#scope.ask({ do: 'seek', position: Math.max(0, Math.floor(position)) });
  }

  play(on: boolean): void {
    this.#scope.ask({ do: 'play', on });
  }

  /** Shows another state: fields, or all of a link; what is not said stays. */
  set(fields: string | Fields): void {
    const { state: shown } = this.#scope.store.snapshot;
    const { state, complaints } =
      typeof fields === 'string'
        ? parseAddress(behind(fields), shown)
        : parseAddress(
            written(fields),
            without(
              shown,
              Object.keys(fields).filter(name => fields[name] === null),
              firstState(),
            ),
          );
    this.#scope.ask({ do: 'go', state, complaints: complaints ?? [] });
  }

  /** Says nothing more. */
  end(): void {
    this.#leave();
  }

  /** Says what has come, once each. Who hears of it may ask for more: what is older than that is not said after it. */
  #tell(snapshot: Snapshot): void {
    const { state, up, linked, uncut, progress, fault, refused, complaints, records, model } = snapshot;
    const language = words(state.language);
    if (up && !this.#ready) {
      this.#ready = true;
      this.#emit('ready', { version: VERSION, model: model.info });
    }
    if (fault !== this.#fault) {
      this.#fault = fault;
      if (fault)
        this.#emit('error', {
          kind: fault.kind,
          message: language.fault.say(fault.kind, fault.message, fault.recovered),
        });
    }
    if (refused !== this.#refused) {
      this.#refused = refused;
      if (refused !== null) this.#emit('error', { kind: 'what-if', message: language.whatIf.refused(refused) });
    }
    if (complaints !== this.#complaints) {
      const told = this.#complaints;
      this.#complaints = complaints;
      for (const complaint of complaints) {
        if (told.includes(complaint)) continue;
        this.#emit('error', { kind: 'link', message: language.complaint(complaint) });
      }
    }
    if (fault || refused !== null || complaints.length > 0) {
      this.#wrong = true;
    } else if (this.#wrong && !progress) {
      this.#wrong = false;
      this.#emit('recovered', {});
    }
    if (!up || linked || uncut || snapshot !== this.#scope.store.snapshot) return;
    const record = records[state.position];
    if (record && record !== this.#record) {
      this.#record = record;
      this.#emit('step', { position: record.position, token: record.token, record });
    }
    // Records come by the hundred while the state stays.
    if (state === this.#state || snapshot !== this.#scope.store.snapshot) return;
    this.#state = state;
    const address = formatAddress(state);
    if (address === this.#address) return;
    this.#address = address;
    this.#emit('statechange', { state: address });
  }
}

/** What of a link is the state. */
export function behind(link: string): string {
  return link.slice(link.indexOf('#') + 1);
}

/** A value as a link and an attribute have it. */
export function word(value: Value): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? decimals(value) : value;
}

function written(fields: Fields): string {
  return addressOf(
    Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, word(value)]],
    ),
  );
}
