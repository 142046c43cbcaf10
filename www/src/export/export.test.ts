import { describe, expect, test } from 'vitest';
import type { Scope } from '../scope/scope';
import type { Snapshot } from '../scope/state';
import { Store } from '../scope/store';
import type { Shell } from '../shell/shell';
import { modelOf, recordedSnapshot, RUN } from '../testing/snapshots';
import { exported } from './export';
import type { Format } from './formats';

const HOME = 'https://somewhere/';

/** Adds a step's detail, distribution and expert load to the store. */
function arrived(store: Store, position: number): void {
  store.tell({ news: 'rest', run: 'plain', detail: { ...RUN.detail, position } });
  store.tell({ news: 'rest', run: 'plain', distribution: { ...RUN.distribution, position, temperature: 0 } });
  store.tell({ news: 'rest', run: 'plain', expertLoad: { ...RUN.load, position } });
}

/** A page. `meanwhile` is called while the model's hash is computed, with the number of calls so far. */
function shellOf(meanwhile: (store: Store, times: number) => void = () => undefined): Shell {
  const store = new Store(recordedSnapshot({ state: { view: 'attention' } }));
  arrived(store, RUN.position);
  let times = 0;
  const scope: Pick<Scope, 'store' | 'ended' | 'fingerprint'> = {
    store,
    ended: new AbortController().signal,
    fingerprint: () => {
      times++;
      meanwhile(store, times);
      return Promise.resolve('ab'.repeat(32));
    },
  };
  return { scope, home: HOME } as unknown as Shell;
}

/** The position in an export's link, and the position in its content. */
function places(format: Format, text: string): readonly [link: string | null, content: string] {
  const tokenOf = (link: string): string | null => new URLSearchParams(link.replace(/.*#/u, '')).get('token');
  if (format === 'csv') {
    const link = /# link: (\S+)/u.exec(text)?.[1] ?? '';
    return [tokenOf(link), /\r\n(\d+),[^\r]*\r\n$/u.exec(text)?.[1] ?? ''];
  }
  const { permalink, state, rows } = JSON.parse(text) as {
    readonly permalink: string;
    readonly state?: string;
    readonly rows?: readonly (readonly unknown[])[];
  };
  return [tokenOf(permalink), String(state === undefined ? rows?.at(-1)?.[0] : tokenOf(`#${state}`))];
}

describe.each<Format>(['csv', 'json', 'session'])('an export as %s', format => {
  test('contains the shown step and its link', async () => {
    const at = String(RUN.position);
    expect(places(format, await exported(shellOf(), format))).toEqual([at, at]);
  });

  test('has a link and content of the same state, even if the user steps during the export', async () => {
    const shell = shellOf(store => {
      store.ask({ do: 'step', by: -1 });
      arrived(store, RUN.position - 1);
    });
    expect(places(format, await exported(shell, format))).toEqual(['1', '1']);
  });
});

test('an export waits until the step is complete', async () => {
  const shell = shellOf(store => {
    store.ask({ do: 'seek', position: RUN.position - 1 });
    setImmediate(() => {
      arrived(store, RUN.position - 1);
    });
  });
  expect(await exported(shell, 'csv')).toContain('token=1');
});

test('if the model is replaced during the export, the export describes the new model', async () => {
  const model = modelOf({ n_routed_experts: 8, n_group: 2 });
  const shell = shellOf((store, times) => {
    if (times > 1) return;
    const { plain, text, model: before }: Snapshot = store.snapshot;
    const { tokens } = text;
    store.tell({ news: 'model', model, opened: null, inPage: false });
    store.tell({ news: 'text', text: { tokens, continuation: '', beyond: '' } });
    for (const record of plain.records) store.tell({ news: 'record', record });
    arrived(store, RUN.position);
    expect(before).not.toBe(model);
  });
  expect(await exported(shell, 'session')).toContain('8 routed experts');
});

test('an unknown format is refused', async () => {
  await expect(exported(shellOf(), 'pdf' as Format)).rejects.toThrow(
    'moescope: the export format is “pdf”, expected one of svg, csv, json, session',
  );
});
