// Measures three builds of the bench crate, and the built site; writes results.json. README.md describes the figures.
//
//   node tests/bench/bench.mjs NATIVE SIMD128 SCALAR
//
// NATIVE is the program moescope-bench; SIMD128 and SCALAR are the folders that wasm-pack made.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { firstVisit, launch, measure } from './browser.mjs';
import { measureInteraction } from './interaction.mjs';

/** Each build runs TURNS times, in turn with the others, so that a slow minute does not slow only one build. */
const TURNS = 3;
const ROUNDS = 10;

const here = path => new URL(path, import.meta.url);
const model = here('../../www/public/model/');
const dist = here('../../www/dist/');
const results = here('results.json');

const perSecond = ({ work, seconds }) => work / seconds;
const faster = (task, than) => tasks => perSecond(tasks[task]) / perSecond(tasks[than]);

/** The figures, each computed from the measured tasks of a build. Budgets apply to the build of the page: simd128. */
const SPEED = [
  { what: 'decode', unit: 'tokens/s', of: tasks => perSecond(tasks.decode) },
  { what: 'decode', unit: 'multiply-adds/ns', of: tasks => tasks.products.work / tasks.decode.seconds / 1e9 },
  { what: 'its matrix-vector products alone', unit: 'multiply-adds/ns', of: tasks => perSecond(tasks.products) / 1e9 },
  {
    what: 'decode against its products alone',
    unit: 'times as fast',
    budget: { atLeast: 0.8 },
    of: tasks => tasks.products.seconds / tasks.decode.seconds,
  },
  { what: 'matvec, 128 x 128', unit: 'multiply-adds/ns', of: tasks => perSecond(tasks.matvec) / 1e9 },
  { what: 'matvec against its reference', unit: 'times as fast', of: faster('matvec', 'matvec by reference') },
  { what: 'dot against its reference', unit: 'times as fast', of: faster('dot', 'dot by reference') },
  {
    what: 'weighted_rows against its reference',
    unit: 'times as fast',
    of: faster('weighted_rows', 'weighted_rows by reference'),
  },
  { what: 'exp against libm', unit: 'times as fast', of: faster('exp', 'exp by libm') },
  { what: 'from bytes to a model and a tokenizer', unit: 'ms', of: tasks => tasks.load.seconds * 1e3 },
  { what: 'encode a text', unit: 'characters/us', of: tasks => perSecond(tasks.encode) / 1e6 },
];

/** Sizes of the files of a first visit, compressed with gzip, and their budgets in bytes. */
const SIZE = [
  { what: 'engine, wasm', of: /\.wasm$/, budget: { atMost: 240_000 } },
  { what: 'script and style', of: /\.(js|css)$/, budget: { atMost: 110_000 } },
  { what: 'everything for the first token', of: /$/, budget: { atMost: 2_800_000 } },
];

const [native, simd128, scalar] = process.argv.slice(2);
if (!scalar) throw new Error('usage: bench.mjs NATIVE SIMD128 SCALAR');
const browser = await launch();
try {
  const speed = await measureSpeed();
  const size = existsSync(dist) ? await measureSize() : null;
  const interaction = existsSync(dist) ? await measureInteraction(browser, dist) : null;
  if (!size) console.log('no sizes: www/dist is not built');
  const figures = {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpu: cpus()[0].model, cores: cpus().length },
    rustc: { native: execFileSync('rustc', ['--version'], { encoding: 'utf8' }).trim(), wasm: rustcOf(simd128) },
    browser: `Chromium ${browser.version()}`,
    speed,
    size,
    interaction,
  };
  writeFileSync(results, `${JSON.stringify(figures, null, 2)}\n`);
  report(figures);
} finally {
  await browser.close();
}

async function measureSpeed() {
  const builds = {
    native: () => JSON.parse(execFileSync(native, [fileURLToPath(model), ROUNDS], { encoding: 'utf8' })),
    simd128: () => measure(browser, simd128, model, ROUNDS),
    scalar: () => measure(browser, scalar, model, ROUNDS),
  };
  const turns = { native: [], simd128: [], scalar: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [build, run] of Object.entries(builds)) turns[build].push(await run());
  }
  return SPEED.map(({ of, ...figure }) => {
    const value = build => Number(of(best(turns[build])).toPrecision(3));
    return { ...figure, native: value('native'), simd128: value('simd128'), scalar: value('scalar') };
  });
}

/** For each task: the sum of the best times of its parts, and the amount of its work. */
function best(turns) {
  const tasks = Object.entries(turns[0]).map(([task, { seconds, work }]) => {
    const bestOf = part => Math.min(...turns.map(turn => turn[task].seconds[part]));
    return [task, { seconds: seconds.reduce((sum, _, part) => sum + bestOf(part), 0), work }];
  });
  return Object.fromEntries(tasks);
}

async function measureSize() {
  return sizesOf(SIZE, await firstVisit(browser, dist));
}

function sizesOf(figures, files) {
  return figures.map(({ of, ...figure }) => {
    const found = files.filter(({ path }) => of.test(path));
    const page = found.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    return { ...figure, unit: 'bytes, gzip -9', page };
  });
}

/** The version of rustc that compiled a wasm build, from the section `producers` of its module. */
function rustcOf(build) {
  const wasm = new WebAssembly.Module(readFileSync(`${build}/moescope_bench_bg.wasm`));
  const [producers] = WebAssembly.Module.customSections(wasm, 'producers');
  return /rustc.([\w.]+ \([^)]*\))/.exec(Buffer.from(producers ?? '').toString('latin1'))?.[1] ?? 'unknown';
}

/** Prints the figures; a missed budget sets the exit code to 1. */
function report({ speed, size, interaction }) {
  for (const { what, unit, budget, ...values } of [...speed, ...(size ?? []), ...(interaction ?? [])]) {
    const shown = Object.entries(values).map(([build, value]) => `${build} ${value}`.padEnd(16));
    console.log(`${what.padEnd(48)}${shown.join('')}${unit}${verdict(values.simd128 ?? values.page, budget)}`);
  }
}

function verdict(value, budget) {
  if (!budget) return '';
  const { atLeast = -Infinity, atMost = Infinity } = budget;
  const kept = atLeast <= value && value <= atMost;
  if (!kept) process.exitCode = 1;
  return `; budget ${JSON.stringify(budget)} ${kept ? 'kept' : 'MISSED'}`;
}
