// The panel of a first visit: when it opens, and its experiments, whose figures are those of the native engine's runs.

import { address, examples } from './support/journey';
import { inspect } from './support/native';
import { must, quoted } from './support/printed';
import { go } from './support/same-load';
import { expect, test } from './support/scope';

const { story, arithmetic } = examples();
const EXPERT_10 = { experts_off: [{ layer: 4, expert: 10 }] };
/** For each experiment: its button, its text, and the engine's settings of its change. */
const EXPERIMENTS: readonly (readonly [name: string, text: string, settings: object])[] = [
  ['Remove one expert, break arithmetic', arithmetic.text, EXPERT_10],
  ['The same expert, in a story', story.text, EXPERT_10],
  ['1 expert per token', story.text, { num_experts_per_tok: 1 }],
  ['Only the shared expert', story.text, { mixture: 'only_shared' }],
  ['Choose without the bias', story.text, { selection_bias: false }],
  ['Store the cache in 4 bits', story.text, { cache_format: 'int4' }],
];

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('the panel opens only if the address has no fields', async ({ scope, page }) => {
  await scope.open('./');
  await expect(page.locator('moe-start')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await scope.open('./#v=1&token=3');
  await expect(page.locator('moe-start')).toHaveCount(0);
});

test('each experiment runs its text with its change, and its figures are the native engine’s', async ({
  scope,
  page,
}) => {
  await scope.open('./#v=1&view=start');
  for (const [name, text, settings] of EXPERIMENTS) {
    await test.step(name, async () => {
      await page.getByRole('button', { name, exact: true }).click();
      const native = inspect(text, { whatIf: settings });
      const last = native.ids.length - 1;
      await scope.at(last, native.ids.length);
      await scope.settled();
      const { loss, compared } = must(native.what_if);
      const size = Math.abs(loss.cost).toFixed(2);
      const way = size === '0.00' ? '' : loss.cost < 0 ? ' less' : ' more';
      const look = page.locator('moe-start .look');
      await expect(look).toContainText(
        `Measured on this text: ${size} bits per token${way} (standard error ${loss.cost_error.toFixed(2)}).`,
      );
      await expect(look).toBeInViewport();
      const plain = must(native.records[last]).next;
      const changed = must(compared[last]).record.next;
      const token = must(plain.tokens[0]);
      const rank = changed.tokens.indexOf(token);
      const whole = (probability: number): string => `${Math.round(probability * 100)}%`;
      const label = quoted(must(native.labels.get(token)));
      await expect(look).toContainText(
        rank < 0
          ? `After the text, ${label} had ${whole(must(plain.probabilities[0]))}; it is no longer among`
          : `After the text, ${label} has ${whole(must(changed.probabilities[rank]))}; without the change it has ${whole(must(plain.probabilities[0]))}.`,
      );
      // The bar names the change, and the legend its marks.
      await expect(page.locator('moe-change-bar')).toContainText('Changed run');
      await expect(page.locator('moe-legend')).toContainText('ring');
      await expect(page.getByRole('button', { name, exact: true })).toHaveAttribute('aria-pressed', 'true');
    });
  }
  await page.getByRole('button', { name: 'Compare the two runs, and let both continue the text' }).click();
  await expect(page.locator('moe-whatif')).toBeVisible();
  expect(await address(page)).toMatchObject({ view: 'whatif', format: 'int4' });
  await go(scope, 'v=1&view=start');
  await expect(page.locator('moe-start .look')).toHaveCount(0);
});
