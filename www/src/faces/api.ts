// The interface of a scope to the page around it. The element's methods and events and the frame's messages use it.

import type { ModelIdentity } from '../engine/model-identity';
import { isSameModel } from '../engine/model-identity';
import type { PropertyValue } from '../scope/address';
import {
  addressOf,
  fieldNamed,
  formatAddress,
  formatValue,
  parseAddress,
  resetFields,
  VERSION,
} from '../scope/address';
import type { Scope } from '../scope/scope';
import {
  hasModel,
  hasTokens,
  isModelMissing,
  loadProgress,
  pendingLink,
  refusal,
  shownRun,
  shownRunName,
} from '../scope/select';
import type { Complaint, Run, RunName, ScopeState, Snapshot } from '../scope/state';
import { firstState } from '../start/prepared';
import { words } from '../text/words';
import type { ErrorKind } from './error-kinds';

/** Maximum number of steps in one call; no context is longer. */
const MOST_STEPS = 1_000_000;

/** Event details, by the name of the event or message. */
export interface ScopeEvents {
  /** The engine is ready. */
  readonly ready: { readonly version: typeof VERSION; readonly model: Snapshot['model']['info'] };
  /** The state has changed; `state` is the part of a link after `#`. */
  readonly statechange: { readonly state: string };
  /** A different token is shown: its position from 0, its id, and its record. */
  readonly step: {
    readonly position: number;
    readonly token: number;
    readonly record: Run['records'][number];
    /** The run of the record: without or with the what-if. */
    readonly run: RunName;
  };
  readonly error: { readonly kind: ErrorKind; readonly message: string };
  /** All reported errors are resolved. */
  readonly recovered: Readonly<Record<string, never>>;
}

export type Emit = <K extends keyof ScopeEvents>(what: K, detail: ScopeEvents[K]) => void;

/** Fields by their names in a link; null resets a field to its default. */
export type Fields = Readonly<Record<string, PropertyValue | null>>;

export class EmbedApi {
  readonly #scope: Scope;
  readonly #emit: Emit;
  readonly #shell: EventTarget;
  readonly #stopListening: () => void;
  // The fields from here to `#hasErrors` are the values reported last; only changes are reported.
  #ready = false;
  #record: Run['records'][number] | undefined;
  #state: ScopeState | null = null;
  #address = '';
  #fault: Snapshot['fault'] = null;
  #refused: string | null = null;
  #complaints: readonly Complaint[] = [];
  #missing: ModelIdentity | null = null;
  /** The sentence of an error in a lesson. */
  #lesson: string | null = null;
  #hasErrors = false;

  /** `shell` shows the scope; it reports errors in lessons. */
  constructor(scope: Scope, shell: EventTarget, emit: Emit) {
    this.#scope = scope;
    this.#shell = shell;
    this.#emit = emit;
    shell.addEventListener('lesson-fault', this.#lessonFault);
    this.#stopListening = scope.store.listen(snapshot => {
      this.#emitNews(snapshot);
    });
  }

  /** Moves the playhead by a number of tokens; negative numbers move it back. */
  step(by: number): void {
    const direction = by < 0 ? -1 : 1;
    const steps = Math.min(Math.abs(Math.trunc(by)), MOST_STEPS);
    const { position } = this.#scope.store.snapshot.state;
    if (steps === 1) this.#scope.ask({ do: 'step', by: direction });
    else if (steps > 1) this.seek(position + direction * steps);
  }

  /** Moves the playhead to a position, from 0. */
  seek(position: number): void {
    if (Number.isFinite(position)) this.#scope.ask({ do: 'seek', position: Math.max(0, Math.floor(position)) });
  }

  play(on: boolean): void {
    this.#scope.ask({ do: 'play', on });
  }

  /** Sets fields by name, or all fields of a link; other fields stay, except as `parseAddress` describes. */
  set(fields: string | Fields): void {
    const { state: shown } = this.#scope.store.snapshot;
    if (typeof fields === 'string') {
      const { state, complaints } = parseAddress(fragmentOf(fields), shown);
      this.#scope.ask({ do: 'go', state, complaints: complaints ?? [] });
      return;
    }
    const written = writtenFields(fields);
    const reset = written.flatMap(([name, value]) => (value === null ? [name] : []));
    const set = written.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
    const { state, complaints } = parseAddress(addressOf(set), resetFields(shown, reset, firstState()));
    this.#scope.ask({ do: 'go', state, complaints: complaints ?? [] });
  }

  /** Stops emitting events. */
  end(): void {
    this.#stopListening();
    this.#shell.removeEventListener('lesson-fault', this.#lessonFault);
  }

  readonly #lessonFault = (event: Event): void => {
    this.#lesson = (event as CustomEvent<string | null>).detail;
    if (this.#lesson !== null) this.#emit('error', { kind: 'lesson', message: this.#lesson });
    this.#emitNews(this.#scope.store.snapshot);
  };

  /** Emits each new event once. A listener may change the state; events older than that change are then dropped. */
  #emitNews(snapshot: Snapshot): void {
    const { state, fault, complaints, model } = snapshot;
    const refused = refusal(snapshot);
    const isReady = hasModel(snapshot);
    const language = words(state.language);
    if (isReady && !this.#ready) {
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
    const missing = isModelMissing(snapshot) && !loadProgress(snapshot) ? state.opened : null;
    if (!isSameModel(missing, this.#missing)) {
      this.#missing = missing;
      if (missing) this.#emit('error', { kind: 'model', message: language.missingModel.sentence(missing) });
    }
    if (fault || refused !== null || complaints.length > 0 || missing || this.#lesson !== null) {
      this.#hasErrors = true;
    } else if (this.#hasErrors && !loadProgress(snapshot)) {
      this.#hasErrors = false;
      this.#emit('recovered', {});
    }
    if (!isReady || !hasTokens(snapshot) || pendingLink(snapshot) || isModelMissing(snapshot)) return;
    if (snapshot !== this.#scope.store.snapshot) return;
    const record = shownRun(snapshot).records[state.position];
    if (record && record !== this.#record) {
      this.#record = record;
      this.#emit('step', { position: record.position, token: record.token, record, run: shownRunName(snapshot) });
    }
    // Hundreds of records may arrive while the state stays the same.
    if (state === this.#state || snapshot !== this.#scope.store.snapshot) return;
    this.#state = state;
    const address = formatAddress(state);
    if (address === this.#address) return;
    this.#address = address;
    this.#emit('statechange', { state: address });
  }
}

/** The part of a link after `#`. */
export function fragmentOf(link: string): string {
  return link.slice(link.indexOf('#') + 1);
}

/** The values of fields, written as in a link; null for a field that is reset. */
export function writtenFields(fields: Fields): [name: string, value: string | null][] {
  return Object.entries(fields).map(([name, value]) => [name, value === null ? null : writeField(name, value)]);
}

function writeField(name: string, value: PropertyValue): string | null {
  const field = fieldNamed(name);
  if (field) return field.writeValue(value);
  return Array.isArray(value) ? value.join('_') : formatValue(value as string | number | boolean);
}
