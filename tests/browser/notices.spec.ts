// The notices of other authors' software: every package in the built files is named with its licence. The npm package's
// copy is checked in tests/package, the wheel's in python/tests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse, serialize } from 'parse5';
import { PROJECT } from './support/native';
import { bundled, headed, linked, listed, LIT } from './support/notices';

const DIST = join(PROJECT, 'www/dist');
const read = (file: string): string => readFileSync(join(DIST, file), 'utf8');
const notices = read('THIRD_PARTY.txt');

test('every npm package in a built script has its licence in THIRD_PARTY.txt', () => {
  for (const build of ['site', 'worker', 'one', 'widget'] as const) {
    expect(listed(notices), build).toEqual(expect.arrayContaining(bundled(build)));
  }
  // The lists are not empty: each of these builds contains Lit.
  for (const build of ['site', 'one', 'widget'] as const) {
    expect(bundled(build).map(name => name.split(' ')[0])).toEqual(
      expect.arrayContaining(['@lit/reactive-element', 'lit', 'lit-element', 'lit-html']),
    );
  }
});

test('every crate in the wasm, and Rust’s standard library, has its licence in THIRD_PARTY.txt', () => {
  const crates = linked();
  expect(crates.length).toBeGreaterThan(20);
  expect(listed(notices)).toEqual(expect.arrayContaining([...crates, 'Rust standard library']));
});

test('every listed package has a text, and no other has', () => {
  expect(headed(notices).toSorted()).toEqual(listed(notices).toSorted());
  for (const phrase of LIT) expect(notices).toContain(phrase);
});

test('the page “About” and the single file have the licences of moescope and of the other authors', () => {
  const one =
    /<script type="text\/plain" id="moescope-about">([^]*?)<\/script>/u.exec(read('moescope.html'))?.[1] ?? '';
  for (const about of [read('about.html'), one]) {
    // The text as a reader sees it.
    const text = serialize(parse(about)).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    for (const file of ['THIRD_PARTY.txt', 'LICENSE-MIT', 'LICENSE-APACHE']) {
      expect(text.includes(read(file).trim()), file).toBe(true);
    }
  }
});
