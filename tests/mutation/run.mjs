// Puts each fault of faults.json into the code and runs a test suite. A suite that fails has found the fault.
// node tests/mutation/run.mjs --in FOLDER --out FILE [--suite NAME] [--moves FILE] [--skip-plain] [--find] [ID...]

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { perform } from './command.mjs';
import { locate, withFault } from './locate.mjs';

/** Memory is limited to 8 GB, because a fault can make a loop endless. */
const NATIVE = { name: 'native', run: 'ulimit -v 8000000; cargo test --package moescope', minutes: 10 };
const TYPES = { name: 'types', folder: 'www', run: 'npm run check', minutes: 5 };
const UNIT = { name: 'unit', folder: 'www', run: 'npx vitest run', minutes: 5 };
/** MOESCOPE_INSPECT is unset, so that the tests compile `inspect` from the copy with the fault. */
const PLAYWRIGHT = 'env -u MOESCOPE_INSPECT npx playwright test';
/** The specs that `near` selects for a fault. They run before all others, because they find most faults. */
const NEAR = {
  name: 'near',
  folder: 'tests/browser',
  run: fault => `${PLAYWRIGHT} --max-failures=1 --pass-with-no-tests ${near(fault)}`,
  again: `${PLAYWRIGHT} --last-failed`,
  minutes: 15,
};
const BROWSER = {
  name: 'browser',
  folder: 'tests/browser',
  run: `${PLAYWRIGHT} --max-failures=1`,
  again: `${PLAYWRIGHT} --last-failed`,
  minutes: 45,
};
/** WASM and SITE are for faults of the engine. SITE puts the fault into all built files that contain the engine. */
const WASM = { name: 'wasm', run: 'cargo xtask test scalar wasm', minutes: 30 };
const SITE = { name: 'site', run: 'cargo xtask build', minutes: 15, changesBuild: true };
/** For faults of the page: builds the page with the fault, and all files that are made from the page. */
const PAGE = { name: 'page', run: 'cargo xtask build', minutes: 15 };

/** For a folder or file of www/src: specs that test it but do not have its name. */
const SPECS = {
  roll: ['numbers', 'motion', 'snapshots'],
  router: ['numbers'],
  'next-token': ['numbers'],
  models: ['models-view'],
  scope: ['engine', 'element', 'models'],
  shell: ['fields', 'keyboard', 'share'],
  svg: ['picture', 'snapshots'],
  shared: ['hover', 'numbers'],
  'cache-lab': ['looks'],
  'what-if': ['looks'],
};

/** The commands of each suite. They run in order up to the first that fails; this command has found the fault. */
const SUITES = {
  new: { rust: [NATIVE, WASM, SITE, BROWSER], typescript: [TYPES, UNIT, PAGE, NEAR, BROWSER] },
  old: { rust: [NATIVE, WASM, SITE, BROWSER], typescript: [TYPES, PAGE, NEAR, BROWSER] },
  /**
   * `quick` has the commands of `new` that take about a minute; `near` and `rest` have slower ones, for the faults that
   * `quick` does not find.
   */
  quick: { rust: [NATIVE], typescript: [TYPES, UNIT] },
  near: { rust: [], typescript: [PAGE, NEAR] },
  rest: { rust: [WASM, SITE, BROWSER], typescript: [PAGE, NEAR, BROWSER] },
};

const { values: options, positionals: ids } = parseArgs({
  allowPositionals: true,
  options: {
    in: { type: 'string' },
    out: { type: 'string' },
    suite: { type: 'string', default: 'new' },
    moves: { type: 'string' },
    find: { type: 'boolean', default: false },
    'skip-plain': { type: 'boolean', default: false },
  },
});
if (!options.in || !(options.out || options.find) || !SUITES[options.suite]) {
  console.error('Usage: run.mjs --in FOLDER --out FILE [--suite new|old|quick|near|rest] [--moves FILE] [--skip-plain] [--find] [ID...]');
  process.exit(2);
}

const readJson = path => JSON.parse(readFileSync(path, 'utf8'));
const all = readJson(new URL('faults.json', import.meta.url));
const unknown = ids.filter(id => !all.some(fault => fault.id === id));
if (unknown.length > 0) throw new Error(`faults.json has no ${unknown.join(', ')}`);
const faults = ids.length > 0 ? all.filter(({ id }) => ids.includes(id)) : all;
const moves = readJson(options.moves ?? new URL('moves.json', import.meta.url));
const languageOf = ({ file }) => (file.startsWith('crate/') ? 'rust' : 'typescript');

let stopped = false;
process.on('SIGINT', () => {
  stopped = true;
});

if (options.find) find();
else await run();

/** Prints the current file and line of each fault. */
function find() {
  for (const fault of faults) {
    try {
      const { file, line } = locate(options.in, fault, moves);
      console.log(`${fault.id} ${file}:${line + 1}`);
    } catch (error) {
      console.log(error.message);
      process.exitCode = 1;
    }
  }
}

async function run() {
  const { status } = spawnSync('git', ['diff', '--quiet', 'HEAD', '--', 'crate', 'www/src'], { cwd: options.in });
  if (status !== 0) throw new Error(`${options.in} has changes in crate or www/src; a run needs a clean copy`);
  const done = doneBefore();
  // Faults of the page come first: a fault of the engine stays in the built files until the site is built again.
  for (const language of ['typescript', 'rust']) {
    const pending = faults.filter(fault => languageOf(fault) === language && !done.has(fault.id));
    if (pending.length === 0) continue;
    if (language === 'typescript') await rebuild();
    const plain = { id: `no fault, ${language}`, file: language === 'rust' ? 'crate/' : 'www/' };
    if (!options['skip-plain'] && !done.has(plain.id)) {
      const result = await suiteOn(plain, language);
      if (stopped) return;
      note(plain, result);
      if (result.result !== 'survived') throw new Error('the suite fails without a fault');
    }
    for (const fault of pending) {
      const result = await resultOf(fault, language);
      // Ctrl-C makes the command fail, which does not mean that it has found the fault.
      if (stopped) return;
      note(fault, result);
    }
  }
}

/** The ids of the faults for which the output file has a result of this suite, except the result `lost`. */
function doneBefore() {
  const lines = existsSync(options.out) ? readFileSync(options.out, 'utf8').split('\n').filter(Boolean) : [];
  const results = lines.map(line => JSON.parse(line));
  return new Set(
    results.filter(({ suite, result }) => suite === options.suite && result !== 'lost').map(({ id }) => id),
  );
}

function note(fault, result) {
  const line = JSON.stringify({ id: fault.id, suite: options.suite, ...result });
  appendFileSync(options.out, `${line}\n`);
  console.log(line);
}

/** Puts a fault into its file, runs the suite, and restores the file. */
async function resultOf(fault, language) {
  let place;
  try {
    place = locate(options.in, fault, moves);
  } catch (error) {
    return { result: 'lost', why: error.message };
  }
  const path = join(options.in, place.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, withFault(text, place.line, fault));
  try {
    return { file: `${place.file}:${place.line + 1}`, ...(await suiteOn({ ...fault, file: place.file }, language)) };
  } finally {
    writeFileSync(path, text);
  }
}

async function suiteOn(fault, language) {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  const unsteady = [];
  for (const command of SUITES[options.suite][language]) {
    if (command.changesBuild && fault.before) writeFileSync(mark(), '');
    const failure = await failureOf(command, fault, unsteady);
    if (failure !== null) return { result: 'killed', by: command.name, test: failure, seconds: seconds(), unsteady };
  }
  return { result: 'survived', seconds: seconds(), unsteady };
}

/** First failure of a command, or null. After an `unsteady` failure, which does not repeat, the command runs again. */
async function failureOf({ run, again, folder = '.', minutes }, fault, unsteady) {
  const path = join(options.in, folder);
  for (;;) {
    const { passed, failure } = await perform(typeof run === 'string' ? run : run(fault), path, minutes);
    if (passed) return null;
    if (stopped || !again || unsteady.length === 2) return failure;
    if (!(await perform(again, path, minutes)).passed) return failure;
    unsteady.push(failure);
  }
}

/** The path of a file that exists while the built files have a fault of the engine. */
function mark() {
  return join(options.in, 'target/has-fault');
}

/** Builds the site again if the built files have a fault of the engine. */
async function rebuild() {
  if (!existsSync(mark())) return;
  const { passed, failure } = await perform(SITE.run, options.in, SITE.minutes);
  if (!passed) throw new Error(`the site cannot be built: ${failure}`);
  rmSync(mark());
}

/** Patterns of specs: `snapshots`, specs named after the fault's folders or file, and the `SPECS` of these names. */
function near({ file }) {
  const names = file.replace(/\.\w+$/u, '').split('/').slice(2);
  const specs = names.flatMap(name => [name, name.replace('-', ''), ...(SPECS[name] ?? [])]);
  return [...new Set(['snapshots', ...specs])].map(word => `'/[^/]*${word}[^/]*\\.spec'`).join(' ');
}
