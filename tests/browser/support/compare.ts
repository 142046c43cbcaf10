// Compares two pictures block by block. A small difference in antialiasing does not count, but a missing mark does.

import type { Page } from '@playwright/test';

export interface Compared {
  /** Fraction of the blocks (0 to 1) whose colours differ by more than `APART`. */
  readonly differing: number;
  readonly width: number;
  readonly height: number;
}

/** BLOCK: side of a block, px. APART: allowed difference between two blocks in a channel's mean (0 to 255). */
const BLOCK = 4;
const APART = 32;

/** Compares two PNGs, aligned at their top left corners, over the area of the first PNG. */
export function compare(page: Page, one: Buffer, other: Buffer): Promise<Compared> {
  const given = [one.toString('base64'), other.toString('base64')] as const;
  return page.evaluate(
    async ([images, block, apart]) => {
      const pixels = async (base64: string): Promise<ImageData> => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext('2d');
        if (!context) throw new Error('there is no canvas');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [first, second] = [await pixels(images[0]), await pixels(images[1])];
      const { width, height } = first;
      const mean = (of: ImageData, left: number, top: number, channel: number): number => {
        let sum = 0;
        for (let y = top; y < top + block; y++) {
          for (let x = left; x < left + block; x++) sum += of.data[(y * of.width + x) * 4 + channel] ?? 0;
        }
        return sum / block ** 2;
      };
      let blocks = 0;
      let differing = 0;
      for (let y = 0; y + block <= height; y += block) {
        for (let x = 0; x + block <= width; x += block) {
          blocks += 1;
          const channels = [0, 1, 2].map(each => Math.abs(mean(first, x, y, each) - mean(second, x, y, each)));
          if (Math.max(...channels) > apart) differing += 1;
        }
      }
      return { differing: differing / blocks, width, height };
    },
    [given, BLOCK, APART] as const,
  );
}

/** Takes a screenshot of an SVG in an `<img>`: there, scripts in the SVG do not run and it can load no other files. */
export async function photograph(page: Page, svg: string, width: number, height: number): Promise<Buffer> {
  await page.setViewportSize({ width, height });
  await page.setContent(
    `<body style="margin:0"><img alt="" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
  );
  await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
  return page.screenshot();
}
