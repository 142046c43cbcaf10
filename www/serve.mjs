// The project's static server: for `cargo xtask serve`, for the browser tests and for the benchmark.
//
//   node www/serve.mjs FOLDER --base /PATH/ --host ADDRESS [--port N]

import { existsSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { lookup } from 'mrmime';
import sirv from 'sirv';

/** The content security policy of the built site: no inline code, and no other host. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' blob: data:; frame-src 'self'; base-uri 'none'; form-action 'none'";
/** The single-file page has its scripts inline, and requests nothing. */
const ONE_FILE = 'moescope.html';
export const ONE_FILE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'unsafe-inline'; " +
  "worker-src blob:; img-src blob: data:; base-uri 'none'; form-action 'none'";

const DEFAULT_PORT = 8080;
const PORTS_TRIED = 100;

/**
 * @typedef {Readonly<Record<string, string>>} Headers
 *
 * @typedef {object} Options
 * @property {string} [host] The address to listen on; default 127.0.0.1.
 * @property {number | undefined} [port] 0 takes any free port. Default: 8080 or, if that is in use, the next free port.
 * @property {Headers | ((file: string) => Headers)} [headers] The headers of every response, or a function that returns
 *   them for the name of the sent file (an empty name if no file is sent).
 * @property {(path: string, file: string) => void} [onFile] Called for each sent file, with the path in the URL.
 *
 * @typedef {object} Served
 * @property {string} address The URL of the server's root, with a slash at the end.
 * @property {() => Promise<void>} close
 */

/**
 * The headers of the built site. They are strict, so that every test shows that the page works on a strict host.
 * @param {string} file
 * @returns {Headers}
 */
export function siteHeaders(file) {
  return {
    'Content-Security-Policy': file === ONE_FILE ? ONE_FILE_POLICY : POLICY,
    'X-Content-Type-Options': 'nosniff',
    // Browsers ask the server each time, so they never show an older build.
    'Cache-Control': 'no-cache',
  };
}

/**
 * Serves folders, each at a base path that begins and ends with a slash. The first base that matches is used.
 * @param {Readonly<Record<string, string>>} folders
 * @param {Options} [options]
 * @returns {Promise<Served>}
 */
export async function serve(folders, { host = '127.0.0.1', port, headers = {}, onFile } = {}) {
  const mounts = Object.entries(folders).map(([base, folder]) => {
    const root = realpathSync(folder);
    // With `dev`, files that are rebuilt while the server runs are read again.
    return { base, root, send: sirv(root, { dev: true, extensions: [] }) };
  });
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const [path, query] = url.includes('?') ? [url.slice(0, url.indexOf('?')), url.slice(url.indexOf('?'))] : [url, ''];
    /** @param {string} file */
    const setHeaders = file => {
      const all = typeof headers === 'function' ? headers(file) : headers;
      for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
    };
    /** @type {(status: number, sentence: string, more?: Headers) => void} */
    const answer = (status, sentence, more = {}) => {
      setHeaders('');
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...more }).end(sentence);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(405, 'Only GET and HEAD are answered.', { Allow: 'GET, HEAD' });
      return;
    }
    const mount = mounts.find(({ base }) => path.startsWith(base)) ?? mounts.find(({ base }) => `${path}/` === base);
    const found = mount ? find(mount.root, mount.base, path) : 'nothing';
    if (found === 'folder') {
      answer(308, 'This is a folder: its address ends with a slash.', { Location: `${path}/${query}` });
    } else if (found === 'nothing' || !mount) {
      answer(404, 'Not found.');
    } else {
      const name = basename(found.file);
      setHeaders(name);
      response.setHeader('Content-Type', typeOf(name));
      onFile?.(path.endsWith('/') ? `${path}index.html` : path, found.file);
      // sirv does not know the base: it gets the path of the found file in `root`.
      request.url = `/${relative(mount.root, found.file).split(sep).join('/').replaceAll('%', '%25')}`;
      mount.send(request, response, () => {
        answer(404, 'Not found.');
      });
    }
  });
  await listen(server, host, port);
  const bound = server.address();
  const { address, family, port: used } = /** @type {import('node:net').AddressInfo} */ (bound);
  // 0.0.0.0 and :: mean every address of this machine; a browser can open 127.0.0.1.
  const open = ['0.0.0.0', '::'].includes(address) ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return {
    address: `http://${open}:${used}/`,
    close: () =>
      new Promise(closed => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

/**
 * The file for a percent-encoded path without a query; never a dot file, and never a file outside `root`. The result is
 * `folder` if the path names a folder without the slash at the end, which relative addresses in the folder's page need.
 * @param {string} root
 * @param {string} base
 * @param {string} path
 * @returns {{ file: string } | 'folder' | 'nothing'}
 */
export function find(root, base, path) {
  if (!path.startsWith(base)) return path !== '' && `${path}/` === base ? 'folder' : 'nothing';
  try {
    const inside = decodeURIComponent(path.slice(base.length));
    const names = inside === '' ? [] : inside.replace(/\/$/u, '').split('/');
    if (names.some(name => name === '' || name.startsWith('.') || /[\\\0]/u.test(name))) return 'nothing';
    // A symbolic link to a file outside the root is not followed.
    const file = realpathSync(join(root, ...names));
    if (file !== root && !file.startsWith(root + sep)) return 'nothing';
    const withSlash = inside === '' || inside.endsWith('/');
    const isFolder = statSync(file).isDirectory();
    if (isFolder !== withSlash) return isFolder ? 'folder' : 'nothing';
    const page = isFolder ? join(file, 'index.html') : file;
    return statSync(page).isFile() ? { file: page } : 'nothing';
  } catch {
    // No such file, or no valid encoding.
    return 'nothing';
  }
}

/**
 * The content type of a file. Markdown is sent as plain text, because browsers do not show `text/markdown`.
 * @param {string} name
 */
export function typeOf(name) {
  const type = name.endsWith('.md') ? 'text/plain' : (lookup(name) ?? 'application/octet-stream');
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
}

/**
 * Listens on `port` or, if `port` is undefined, on the first free port from `DEFAULT_PORT` upwards.
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number | undefined} port
 */
async function listen(server, host, port) {
  const last = port ?? DEFAULT_PORT + PORTS_TRIED - 1;
  for (let candidate = port ?? DEFAULT_PORT; candidate <= last; candidate++) {
    const error = await new Promise((/** @type {(error: NodeJS.ErrnoException | null) => void} */ resolve) => {
      server.once('error', resolve);
      server.listen(candidate, host, () => {
        server.off('error', resolve);
        resolve(null);
      });
    });
    if (error === null) return;
    if (port !== undefined || error.code !== 'EADDRINUSE') {
      throw new Error(`cannot listen on ${host}:${candidate}: ${error.message}`);
    }
  }
  throw new Error(`no port from ${DEFAULT_PORT} to ${last} is free: use --port`);
}

/** The command line. */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, host: { type: 'string' }, base: { type: 'string', default: '/' } },
  });
  const [folder = '.'] = positionals;
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`there is no built page in ${folder}: \`cargo xtask build\` makes it`);
  }
  const { address } = await serve(
    { [values.base]: folder },
    {
      ...(values.host !== undefined && { host: values.host }),
      port: values.port === undefined ? undefined : Number(values.port),
      headers: siteHeaders,
    },
  );
  console.log(`\nServing the page at ${address.slice(0, -1)}${values.base} (Ctrl+C ends it)`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  main().catch((/** @type {unknown} */ error) => {
    console.error(`\nerror: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
