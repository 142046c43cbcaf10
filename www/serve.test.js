// The static server: its headers, the files it finds and refuses, its ports and its command line.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { find, ONE_FILE_POLICY, POLICY, serve, siteHeaders, typeOf } from './serve.mjs';

/** A folder with the site in `dist`, and beside it a file that the server must not send. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'moescope-serve-')));
const dist = join(folder, 'dist');

const FILES = {
  'secret.txt': 'secret',
  'dist/index.html': '<title>page</title>',
  'dist/app.js': '1',
  'dist/moescope.html': '<script>1</script>',
  'dist/a b.json': '{}',
  'dist/50%.json': '[50]',
  'dist/.git/config': 'hidden',
  'dist/model/index.html': '<title>model</title>',
  'dist/moescope_bg.wasm': Buffer.alloc(100_000),
};

beforeAll(() => {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** @type {import('./serve.mjs').Served[]} */
const servers = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/**
 * Starts a server on a free port and returns its address; the server is closed after the test.
 * @param {Readonly<Record<string, string>>} folders
 * @param {import('./serve.mjs').Options} [options]
 */
async function start(folders, options = {}) {
  const server = await serve(folders, { port: 0, ...options });
  servers.push(server);
  return server.address;
}

/**
 * Sends a request line such as `GET /a/../b`. Its path is sent as it is; `fetch` would normalize it.
 * @param {string} address
 * @param {string} line
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
function ask(address, line) {
  const [method, path] = line.split(' ');
  return new Promise((resolve, reject) => {
    // A new connection per request: if a file grows while it is sent, the next answer on the connection is wrong.
    const sent = request(address, { method, path, agent: false }, response => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', chunk => {
        body += String(chunk);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

test.each([
  ['GET /', 200],
  ['HEAD /', 200],
  ['GET /missing', 404],
  ['GET /../secret.txt', 404],
  ['GET /model', 308],
  ['POST /', 405],
  ['DELETE /app.js', 405],
])('%s has status %i and the headers of the site', async (line, status) => {
  const answer = await ask(await start({ '/': dist }, { headers: siteHeaders }), line);
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  expect(answer.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined);
});

test('the single-file page may run its inline scripts, but may request nothing', async () => {
  const address = await start({ '/': dist }, { headers: siteHeaders });
  for (const line of ['GET /moescope.html', 'HEAD /moescope.html?v=2']) {
    const { status, headers } = await ask(address, line);
    expect([status, headers['content-security-policy']]).toEqual([200, ONE_FILE_POLICY]);
  }
  expect(ONE_FILE_POLICY).not.toMatch(/connect-src|'self'|http| {2}/u);
});

test('the site’s policy allows no inline code and no other host', () => {
  expect(POLICY).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/u);
  expect(POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|http| {2}/u);
});

test('a large file is sent with its length and type, and the answer to HEAD has no body', async () => {
  const address = await start({ '/': dist }, { headers: siteHeaders });
  for (const [method, length] of [
    ['GET', 100_000],
    ['HEAD', 0],
  ]) {
    const { status, headers, body } = await ask(address, `${method} /moescope_bg.wasm`);
    expect([status, body.length]).toEqual([200, length]);
    expect(headers).toMatchObject({ 'content-length': '100000', 'content-type': 'application/wasm' });
    expect(headers).not.toHaveProperty('transfer-encoding');
  }
});

test('a file is sent uncompressed, even if the request accepts gzip', async () => {
  const response = await fetch(`${await start({ '/': dist })}app.js`, { headers: { 'Accept-Encoding': 'gzip, br' } });
  expect(response.headers.get('content-encoding')).toBeNull();
  expect(await response.text()).toBe('1');
});

test('a folder’s address without a final slash is redirected to that address with a slash and its query', async () => {
  const address = await start({ '/some/path/': dist }, { headers: siteHeaders });
  expect((await ask(address, 'GET /some/path/model?a=1')).headers.location).toBe('/some/path/model/?a=1');
  expect((await ask(address, 'GET /some/path')).headers.location).toBe('/some/path/');
  expect((await ask(address, 'GET /some/path/model/')).body).toBe('<title>model</title>');
});

test('files are found by their percent-encoded names', async () => {
  /** @param {string} name */
  const file = name => ({ file: join(dist, name) });
  expect(find(dist, '/', '/')).toEqual(file('index.html'));
  expect(find(dist, '/', '/app.js')).toEqual(file('app.js'));
  expect(find(dist, '/', '/a%20b.json')).toEqual(file('a b.json'));
  expect(find(dist, '/', '/model/')).toEqual(file('model/index.html'));
  expect(find(dist, '/', '/model')).toBe('folder');
  expect(find(dist, '/', '/app.js/')).toBe('nothing');
  expect(find(dist, '/', '/App.jsx')).toBe('nothing');
  const address = await start({ '/': dist });
  expect((await ask(address, 'GET /a%20b.json')).body).toBe('{}');
  expect((await ask(address, 'GET /50%25.json')).body).toBe('[50]');
});

test.each([
  '/../secret.txt',
  '/model/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2E%2E%2Fsecret.txt',
  '/..%5csecret.txt',
  '/model%00/',
  '//etc/passwd',
  '/%2Fetc/passwd',
  '/./app.js',
  '/model//index.html',
  '/.git/config',
  '/%ff',
  '',
  'secret.txt',
  'http://other/app.js',
])('no file is found for %s', async path => {
  expect(find(dist, '/', path)).toBe('nothing');
  if (!path.startsWith('/')) return;
  const { status, body } = await ask(await start({ '/': dist }), `GET ${path}`);
  expect([status, body]).toEqual([404, 'Not found.']);
});

test.skipIf(process.platform === 'win32')('only symbolic links to files inside the site are followed', () => {
  symlinkSync('../secret.txt', join(dist, 'out.txt'));
  symlinkSync('app.js', join(dist, 'in.js'));
  expect(find(dist, '/', '/out.txt')).toBe('nothing');
  expect(find(dist, '/', '/in.js')).toEqual({ file: join(dist, 'app.js') });
});

test('with a base path, no file is found outside that path', async () => {
  const base = '/some/path/';
  expect(find(dist, base, '/some/path/app.js')).toEqual({ file: join(dist, 'app.js') });
  expect(find(dist, base, '/some/path/')).toEqual({ file: join(dist, 'index.html') });
  expect(find(dist, base, '/some/path')).toBe('folder');
  const address = await start({ [base]: dist }, { headers: siteHeaders });
  expect((await ask(address, 'GET /some/path/app.js')).body).toBe('1');
  for (const path of ['/', '/app.js', '/some/pathapp.js', '/some/', '/some/path/../path/app.js']) {
    expect(find(dist, base, path)).toBe('nothing');
    expect((await ask(address, `GET ${path}`)).status).toBe(404);
  }
});

test('several folders are served at their bases, and each file that is sent is reported', async () => {
  /** @type {string[]} */
  const sent = [];
  const address = await start(
    { '/model/': join(dist, 'model'), '/': dist },
    { onFile: (path, file) => sent.push(`${path} ${file}`) },
  );
  expect((await ask(address, 'GET /model/?a=1')).body).toBe('<title>model</title>');
  expect((await ask(address, 'GET /app.js')).body).toBe('1');
  expect((await ask(address, 'GET /missing')).status).toBe(404);
  expect(sent).toEqual([`/model/index.html ${join(dist, 'model/index.html')}`, `/app.js ${join(dist, 'app.js')}`]);
});

test('a file that changes while the server runs is sent with its new content', async () => {
  const address = await start({ '/': dist });
  writeFileSync(join(dist, 'late.js'), 'first');
  expect((await ask(address, 'GET /late.js')).body).toBe('first');
  writeFileSync(join(dist, 'late.js'), 'second!');
  expect((await ask(address, 'GET /late.js')).body).toBe('second!');
});

test('a port in use is an error only if the caller asked for that port', async () => {
  const port = Number(new URL(await start({ '/': dist })).port);
  await expect(start({ '/': dist }, { port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: `);
  const one = await start({ '/': dist }, { port: undefined });
  const other = await start({ '/': dist }, { port: undefined });
  expect(one).not.toBe(other);
});

test('a server that listens on all addresses returns an address that a browser can open', async () => {
  expect(await start({ '/': dist }, { host: '0.0.0.0' })).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/u);
});

test.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['config.json', 'application/json'],
  ['a.wasm', 'application/wasm'],
  ['a.svg', 'image/svg+xml'],
  ['MODEL_CARD.md', 'text/plain; charset=utf-8'],
  ['model.safetensors', 'application/octet-stream'],
  ['none', 'application/octet-stream'],
])('%s has the type %s', (name, type) => {
  expect(typeOf(name)).toBe(type);
});

/**
 * Runs `serve.mjs` until it ends or prints its address, and returns its output.
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
function command(...args) {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [join(import.meta.dirname, 'serve.mjs'), ...args], (_, out, error) => {
      resolve(out + error);
    });
    child.stdout?.on('data', () => child.kill());
  });
}

test('the command line prints the address of the page with its base path', async () => {
  const printed = await command(dist, '--host', '127.0.0.1', '--port', '0', '--base', '/some/path/');
  expect(printed).toMatch(/^\nServing the page at http:\/\/127\.0\.0\.1:\d+\/some\/path\/ \(Ctrl\+C ends it\)\n$/u);
});

test('the error for a page that is not built names the command that builds it', async () => {
  expect(await command(join(folder, 'no/such/dist'))).toMatch(
    /^\nerror: there is no built page .*`cargo xtask build`/u,
  );
});
