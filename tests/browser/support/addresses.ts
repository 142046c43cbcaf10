// Where the page is served for the tests: at the root, and under a path.

const first = Number(process.env['MOESCOPE_TEST_PORT'] ?? 4193);

export const BASE = '/some/path/';
export const ROOT_URL = `http://127.0.0.1:${first}/`;
export const SUB_URL = `http://127.0.0.1:${first + 1}${BASE}`;
