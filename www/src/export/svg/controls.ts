// Draws form controls as plain shapes with the same box and value: the browser's own drawing cannot be copied.

import { backgroundOf } from './background';
import { boxOf } from './boxes';
import { colour, fontOf, metrics, painted } from './paint';
import type { Sheet } from './sheet';
import type { Attributes } from './xml';
import { escaped, tag } from './xml';

/** Border of an unchecked box: the grey that browsers use. */
const FRAME = 'rgb(118,118,118)';

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function isControl(element: Element): element is Control {
  return element.matches('input, select, textarea');
}

export function controlOf(control: Control, style: CSSStyleDeclaration, sheet: Sheet): string {
  if (control instanceof HTMLInputElement) {
    switch (control.type) {
      case 'range':
        return slider(control, style, sheet);
      case 'checkbox':
      case 'radio':
        return tick(control, style, sheet);
    }
  }
  const place = control.getBoundingClientRect();
  const shown = control instanceof HTMLSelectElement ? (control.selectedOptions[0]?.label ?? '') : control.value;
  const lines = control instanceof HTMLTextAreaElement ? shown.split('\n') : [shown];
  const { ascent, descent } = metrics(style);
  const left = place.left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft);
  const height = control instanceof HTMLTextAreaElement ? parseFloat(style.lineHeight) : place.height;
  const first = place.top + (height + ascent - descent) / 2;
  const texts = lines.map((line, index) =>
    line === ''
      ? ''
      : tag(
          'text',
          {
            x: sheet.x(left),
            y: sheet.y(Math.round(first + index * height)),
            ...fontOf(style, sheet.style),
            ...painted('fill', colour(style.color)),
          },
          escaped(line),
        ),
  );
  return boxOf(place, style, sheet) + texts.join('');
}

/** A slider as drawn by `style.ts`: a line, and a disc at the value. */
function slider(input: HTMLInputElement, style: CSSStyleDeclaration, sheet: Sheet): string {
  const { left, top, width, height } = input.getBoundingClientRect();
  const [least, most] = [Number(input.min || 0), Number(input.max || 100)];
  const radius = 8;
  const middle = sheet.y(Math.round(top) + Math.round(height) / 2);
  const at = left + radius + ((width - 2 * radius) * (input.valueAsNumber - least)) / (most - least || 1);
  const edge = getComputedStyle(input).getPropertyValue('border-top-color');
  const ink = colour(style.color);
  return (
    tag('rect', {
      ...sheet.box({ left, right: left + width, top, bottom: top }),
      y: middle - 1,
      height: 2,
      ...painted('fill', colour(edge)),
    }) + tag('circle', { cx: sheet.x(at), cy: middle, r: radius, ...painted('fill', ink) })
  );
}

/** A checkbox or radio button: a grey frame or, if checked, a frame in the text colour with a tick or a disc. */
function tick(input: HTMLInputElement, style: CSSStyleDeclaration, sheet: Sheet): string {
  const { x, y, width, height } = sheet.box(input.getBoundingClientRect());
  const ink = painted('fill', colour(style.color));
  const isRound = input.type === 'radio';
  const frame = (line: Attributes): string =>
    tag('rect', {
      x: x + 0.5,
      y: y + 0.5,
      width: width - 1,
      height: height - 1,
      rx: isRound ? (width - 1) / 2 : 2,
      fill: 'none',
      ...line,
    });
  if (!input.checked) return frame({ stroke: FRAME });
  const line = painted('stroke', colour(style.color));
  if (isRound) return frame(line) + tag('circle', { cx: x + width / 2, cy: y + height / 2, r: width * 0.3, ...ink });
  const d = `M${x + width * 0.22} ${y + height * 0.52}l${width * 0.2} ${height * 0.2}l${width * 0.36} ${-height * 0.44}`;
  const ground = painted('stroke', backgroundOf(input));
  return frame({ ...line, ...ink }) + tag('path', { d, fill: 'none', ...ground, 'stroke-width': 2 });
}
