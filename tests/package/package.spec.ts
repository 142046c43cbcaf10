// The package itself: its manifest and types, checked by publint and attw; its files and its size; its use in Node, in
// server bundles and by the TypeScript compiler.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { manifest, PROJECT, run, TARBALL, tool, VERSION } from './support/programs';
import { expect, test } from './support/project';
import { references } from './support/references';

const DOCS = readFileSync(join(PROJECT, 'docs/embedding.md'), 'utf8');
/** The output of `server.js`: MoeScope is a class that can be extended; the two DOM globals are undefined. */
const SERVED = 'function true undefined undefined\n';

/** TypeScript that must compile: events of `moe-scope` have their own types, and all other events keep theirs. */
const EVENTS = `import 'moescope/define';

const scope = document.createElement('moe-scope');
const failed = ({ detail }: CustomEvent<{ readonly message: string }>): string => detail.message;
scope.addEventListener('error', failed, { once: true });
scope.addEventListener('error', event => event.detail.kind.length);
scope.addEventListener('statechange', function ({ detail }) {
  this.set(detail.state.slice(1));
});
scope.addEventListener('ready', ({ detail }) => detail.version.toFixed(0));
scope.addEventListener('keydown', event => event.key);
scope.addEventListener('mine', event => event.timeStamp);
scope.removeEventListener('error', failed);
const element: HTMLElement = scope;
element.focus();
`;

/** TypeScript that must compile: properties have the types of their fields, and events have the engine's types. */
const TYPED = `import 'moescope/define';
import type { ErrorKind, StepRecord } from 'moescope';

const scope = document.createElement('moe-scope');
const next: number = scope.token + 1;
scope.token = next;
scope.token = '3';
scope.expert = scope.expert === null ? 0 : scope.expert + 1;
scope.off = [...scope.off, { layer: 2, expert: 3 }];
scope.off = '2.3';
scope.bias = !scope.bias;
scope.view = 'router';
scope.temperature = null;
let record: StepRecord | undefined;
scope.addEventListener('step', ({ detail }) => {
  record = detail.record;
});
const weights = (layer: number): readonly number[] => record?.routes[layer]?.weights.map(weight => weight * 2) ?? [];
weights(record?.cache.latent ?? 0);
scope.addEventListener('ready', ({ detail }) => detail.model.num_hidden_layers + 1);
const isOurs = (kind: ErrorKind): boolean => kind === 'what-if' || kind === 'link';
scope.addEventListener('error', ({ detail }) => isOurs(detail.kind));
`;

test('publint finds no problem in the packed package', () => {
  const { status, printed } = tool('publint', ['run', '--strict', TARBALL]);
  expect(printed).toContain('All good!');
  expect(status).toBe(0);
});

test('attw finds the types of both entries of the package', () => {
  // CommonJS is not checked: the package has only ES modules, which `require` can load since Node 20.19.
  const profile = ['--profile', 'esm-only'];
  const { status, printed } = tool('attw', [TARBALL, ...profile, '--no-definitely-typed', '--no-emoji', '--no-color']);
  for (const entry of ['moescope', 'moescope/define']) {
    expect(printed).toMatch(new RegExp(`"${entry}" +│ OK \\(ESM\\) +│ OK +│`, 'u'));
  }
  expect(status).toBe(0);
});

test('the package has the project’s version and licence', ({ project }) => {
  const { name, version, license } = manifest(project.package);
  const { license: ours } = manifest(join(PROJECT, 'www'));
  expect({ name, version, license }).toEqual({ name: 'moescope', version: VERSION, license: ours });
});

test('the package has the files that its two scripts need, the model, the listed files, and no other', ({
  project,
}) => {
  const needed = new Set<string>();
  const open = ['moescope.js', 'define.js'];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (needed.has(file)) continue;
    needed.add(file);
    if (!file.endsWith('.js')) continue;
    open.push(...references(file, readFileSync(join(project.package, file), 'utf8')));
  }
  expect(needed.size).toBeGreaterThan(20);
  const model = readdirSync(join(PROJECT, 'www/public/model')).map(name => `model/${name}`);
  const beside = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'THIRD_PARTY.txt', 'package.json', 'server.js'];
  const described = ['custom-elements.json', 'define.d.ts', 'moescope.d.ts'];
  expect(project.files()).toEqual([...new Set([...needed, ...model, ...beside, ...described])].sort());
});

test('the package has the site’s notices of other authors’ software', ({ project }) => {
  const notices = readFileSync(join(project.package, 'THIRD_PARTY.txt'), 'utf8');
  // The browser tests compare the site's file with the built scripts and the wasm, which the package has too.
  expect(notices).toBe(readFileSync(join(PROJECT, 'www/dist/THIRD_PARTY.txt'), 'utf8'));
  expect(notices).toContain('Copyright (c) 2017 Google LLC. All rights reserved.');
  expect(notices).toContain('Neither the name of the copyright holder');
});

test('the package has the size that the documentation names, within 5%', ({ project }) => {
  const [, packed = '', unpacked = ''] = /([\d.]+) MB packed, ([\d.]+) MB unpacked/u.exec(DOCS) ?? [];
  const bytes = project.files().map(file => statSync(join(project.package, file)).size);
  const sum = bytes.reduce((sum, size) => sum + size, 0);
  expect(Math.abs(statSync(TARBALL).size / (Number(packed) * 1e6) - 1)).toBeLessThan(0.05);
  expect(Math.abs(sum / (Number(unpacked) * 1e6) - 1)).toBeLessThan(0.05);
});

test('Node, which has no HTMLElement, imports both entries', ({ project }) => {
  expect(run(process.execPath, ['server.js'], project.root)).toEqual({ status: 0, printed: SERVED });
});

for (const condition of ['node', 'workerd']) {
  test(`a server bundle for ${condition} imports both entries`, async ({ project }) => {
    await build({
      root: project.root,
      configFile: false,
      logLevel: 'silent',
      build: { ssr: 'server.js', outDir: condition },
      ssr: { noExternal: true, target: 'webworker', resolve: { conditions: [condition] } },
    });
    expect(run(process.execPath, [join(condition, 'server.js')], project.root)).toEqual({ status: 0, printed: SERVED });
  });
}

for (const [module, resolution] of [
  ['esnext', 'bundler'],
  ['nodenext', 'nodenext'],
] as const) {
  test(`TypeScript finds only the wrong argument in a project with the package: ${resolution}`, ({ project }) => {
    const options = ['--strict', '--noEmit', '--pretty', 'false', '--target', 'es2022', '--skipDefaultLibCheck'];
    const libraries = ['--lib', 'es2022,dom,dom.iterable'];
    const check = (...files: readonly string[]) => {
      const modules = ['--module', module, '--moduleResolution', resolution];
      return tool('tsc', [...options, ...libraries, ...modules, ...files], project.root);
    };
    expect(check('main.ts')).toEqual({ status: 0, printed: '' });
    project.write('typed.ts', TYPED);
    expect(check('typed.ts')).toEqual({ status: 0, printed: '' });
    // These two files import only `moescope/define`, which must also declare the types of the element.
    project.write('events.ts', EVENTS);
    const wrong = [".seek('first')", ".view = 'ledger'"].map(use => `document.createElement('moe-scope')${use};\n`);
    project.write('wrong.ts', `import 'moescope/define';\n${wrong.join('')}`);
    const { status, printed } = check('events.ts', 'wrong.ts');
    expect(status).not.toBe(0);
    expect(printed).toMatch(/^wrong\.ts\(2,/u);
    expect(printed).toContain("Argument of type 'string' is not assignable to parameter of type 'number'");
    expect(printed).toMatch(/^wrong\.ts\(3,/mu);
    expect(printed.match(/error TS/gu)).toHaveLength(2);
  });
}

test('these tests have the same version of Vite and TypeScript as www, and of Playwright as tests/browser', () => {
  const here = manifest(join(PROJECT, 'tests/package')).devDependencies;
  const [www, browser] = ['www', 'tests/browser'].map(folder => manifest(join(PROJECT, folder)).devDependencies);
  expect(here).toMatchObject({ vite: www?.['vite'], typescript: www?.['typescript'] });
  expect(here).toMatchObject({ '@playwright/test': browser?.['@playwright/test'] });
});
