// Draws the faults of the mutation proof from the lines that the tests reach, and writes them to faults.json.
// node tests/mutation/draw.mjs --copy FOLDER --rust FILE --page FOLDER (README.md describes the arguments)

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pageCoverage, rustCoverage } from './coverage.mjs';
import { filesUnder } from './files.mjs';
import { occurrenceOf } from './locate.mjs';
import { generator, shuffled } from './random.mjs';
import { rustFaults } from './rust-faults.mjs';
import { typescriptFaults } from './typescript-faults.mjs';

const SEED = 17;
const PER_LANGUAGE = 20;
const PER_FILE = 2;
const PER_OPERATOR = 3;

const { values: options } = parseArgs({
  options: {
    copy: { type: 'string' },
    rust: { type: 'string' },
    page: { type: 'string' },
  },
});
/** A clean copy of the repository, with www/node_modules, www/pkg and the measured build in www/dist. */
const COPY = resolve(options.copy);

/**
 * Draws PER_LANGUAGE faults. The lines with candidates, in the order of the files, are divided into PER_LANGUAGE equal
 * parts. One fault is drawn from each part, so that the faults are spread evenly over the code.
 * @param candidates all faults in code that tests run, in the order of the files
 * @param perFolder how many faults one folder may have
 * @param compiles whether the compiler accepts a fault
 */
function draw(candidates, perFolder, random, compiles) {
  const byPlace = new Map();
  for (const fault of candidates) {
    const place = `${fault.file}:${fault.line}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), fault]);
  }
  const places = [...byPlace.values()];
  const counts = new Map();

  /** Tries candidates in random order; returns the first candidate that is within the limits and compiles, or null. */
  const pick = some => {
    for (const fault of shuffled(some, random).flatMap(faults => shuffled(faults, random))) {
      const limits = [
        [`file ${fault.file}`, PER_FILE],
        [`folder ${dirname(fault.file)}`, perFolder],
        [`operator ${fault.operator}`, PER_OPERATOR],
      ];
      if (limits.some(([name, limit]) => (counts.get(name) ?? 0) >= limit) || !compiles(fault)) continue;
      for (const [name] of limits) counts.set(name, (counts.get(name) ?? 0) + 1);
      return fault;
    }
    return null;
  };

  const start = part => Math.floor((part * places.length) / PER_LANGUAGE);
  const parts = Array.from({ length: PER_LANGUAGE }, (_, part) => places.slice(start(part), start(part + 1)));
  // If no fault of a part is within the limits and compiles, a fault is drawn from all lines that have none yet.
  const chosen = parts.map(pick);
  const taken = new Set(chosen.map(fault => fault && `${fault.file}:${fault.line}`));
  for (const [part, fault] of chosen.entries()) {
    if (fault) continue;
    const other = pick(places.filter(([{ file, line }]) => !taken.has(`${file}:${line}`)));
    if (!other) throw new Error('too few faults are possible within the limits');
    taken.add(`${other.file}:${other.line}`);
    chosen[part] = other;
  }
  return chosen;
}

const read = file => readFileSync(join(COPY, file), 'utf8');

/** The text of a file after one of its faults is put in. */
function withFault({ file, line, after }) {
  const lines = read(file).split('\n');
  lines[line] = after;
  return lines.join('\n');
}

function drawRust(random) {
  const reached = rustCoverage(options.rust, COPY);
  const candidates = filesUnder(COPY, 'crate/src', '.rs').flatMap(file =>
    rustFaults(read(file))
      .map(fault => ({ file, ...fault }))
      .filter(({ line, column }) => reached(file, line, column)),
  );
  const check = ['check', '--package', 'moescope', '--lib'];
  return draw(candidates, 16, random, fault => {
    const path = join(COPY, fault.file);
    const text = read(fault.file);
    writeFileSync(path, withFault(fault));
    const { status } = spawnSync('cargo', check, { cwd: COPY });
    writeFileSync(path, text);
    return status === 0;
  });
}

/** Files in which no fault is drawn, because they contain only styles, types or strings. */
const WITHOUT_LOGIC = /(?:style|\/words|\/share-words|\/en[-\w]*|\.d)\.ts$/u;

function drawTypeScript(random) {
  const ts = createRequire(join(COPY, 'www/package.json'))('typescript');
  const config = ts.getParsedCommandLineOfConfigFile(
    join(COPY, 'www/tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: problem => {
        throw new Error(String(problem.messageText));
      },
    },
  );
  const errors = program => ts.getPreEmitDiagnostics(program);
  const program = ts.createProgram(config.fileNames, config.options);
  if (errors(program).length > 0) throw new Error('www does not type-check, so no fault can be drawn');

  const reached = pageCoverage(options.page, join(COPY, 'www/dist'), COPY);
  const files = filesUnder(COPY, 'www/src', '.ts').filter(file => !WITHOUT_LOGIC.test(file));
  const candidates = files.flatMap(file =>
    typescriptFaults(ts, program.getSourceFile(join(COPY, file)), program.getTypeChecker())
      .map(fault => ({ file, ...fault }))
      .filter(({ line, column }) => reached(file, line, column)),
  );
  return draw(candidates, 3, random, fault => {
    const host = ts.createCompilerHost(config.options);
    const path = join(COPY, fault.file);
    const { readFile, getSourceFile } = host;
    host.readFile = name => (name === path ? withFault(fault) : readFile.call(host, name));
    host.getSourceFile = (name, ...rest) =>
      name === path
        ? ts.createSourceFile(name, withFault(fault), rest[0], true)
        : (program.getSourceFile(name) ?? getSourceFile.call(host, name, ...rest));
    return errors(ts.createProgram(config.fileNames, config.options, host)).length === 0;
  });
}

/** The entry of a fault in faults.json. */
function entry({ file, line, operator, before, after }, id) {
  const occurrence = occurrenceOf(read(file), line);
  return { id, file, line: line + 1, operator, before, after, ...(occurrence.of > 1 && { occurrence }) };
}

const inOrder = (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);
const entries = (letter, faults) =>
  faults.toSorted(inOrder).map((fault, index) => entry(fault, `${letter}${String(index + 1).padStart(2, '0')}`));
const faults = [...entries('r', drawRust(generator(SEED))), ...entries('t', drawTypeScript(generator(SEED)))];
writeFileSync(new URL('faults.json', import.meta.url), `${JSON.stringify(faults, null, 2)}\n`);
for (const { id, file, line, operator } of faults) console.log(`${id} ${file}:${line} ${operator}`);
