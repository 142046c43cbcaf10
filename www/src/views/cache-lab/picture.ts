// Bytes against loss: a point for each setting and a line at the model's own loss. Caches that were not run have no
// loss, so they are ticks below the bytes axis.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { Words } from '../../text/words';
import type { Placed, Plan } from './plan';

export function picture(plan: Plan, current: number, { cacheLab: words, f }: Words): TemplateResult<2> {
  const { across, numbered, up, points, groups, left, right, top, foot } = plan;
  const whole = points.find(({ setting }) => setting?.latent_rank === null && setting.cache_format === 'f32');
  return svg`
    <text class="quiet" x="0" y="12">${words.up}</text>
    ${(up?.ticks ?? []).map(
      tick => svg`
        <path class="line" d="M${left} ${plan.y(tick)}H${right}" />
        <text class="end" x=${left - 8} y=${plan.y(tick) + 4}>${f.hundredths(tick)}</text>`,
    )}
    <path class="axis" d="M${left} ${foot + 0.5}H${right}" />
    ${groups.map(
      ({ groups: count, isPlain, bytes, x, y }) => svg`
        <g class="group" data-groups=${count} data-bytes=${bytes}>
          <path class="notrun" d="M${x} ${foot}V${y - 12}" />
          <text class="middle" x=${x} y=${y}>${words.groups(count, isPlain)}</text>
        </g>`,
    )}
    ${across.ticks.map(
      tick => svg`
        <path class="axis" d="M${plan.x(tick)} ${foot}v4" />
        ${
          numbered.includes(tick)
            ? svg`<text class="middle" x=${plan.x(tick)} y=${foot + 18}>${words.bytes(tick)}</text>`
            : nothing
        }`,
    )}
    ${plan.note === undefined ? nothing : svg`<text class="middle quiet" x=${plan.note} y=${plan.height - 26}>${words.notRun}</text>`}
    <text class="end" x=${right} y=${plan.height - 6}>${words.across}</text>
    ${whole ? svg`<path class="own" d="M${left} ${whole.y}H${right}" />` : nothing}
    ${top < foot ? points.map((point, index) => drawn(point, index, index === current, words)) : nothing}`;
}

function drawn(point: Placed, index: number, current: boolean, words: Words['cacheLab']): TemplateResult<2> {
  const { setting, name, bytes, loss, own, x, y, bar, label } = point;
  const description = words.point(name, bytes, loss.changed, loss.cost);
  const kind =
    setting === null ? 'expanded' : setting.latent_rank === null && setting.cache_format === 'f32' ? 'latent' : 'tried';
  const away = Math.abs(label.y - 4 - y) > 1;
  return svg`
    <g
      class="point ${kind} ${own ? 'chosen' : ''}"
      role="button"
      tabindex=${current ? '0' : '-1'}
      aria-pressed=${setting === null ? nothing : own}
      aria-disabled=${setting === null ? 'true' : nothing}
      data-point=${index}
      data-kind=${kind}
      data-term=${kind === 'tried' ? nothing : kind}
      data-bytes=${bytes}
      data-loss=${loss.changed}
      data-error=${loss.cost_error}
    >
      <title>${description}</title>
      ${loss.cost_error > 0 ? svg`<path class="error" d="M${x} ${bar[0]}V${bar[1]}M${x - 3} ${bar[0]}h6M${x - 3} ${bar[1]}h6" />` : nothing}
      ${away ? svg`<path class="leader" d="M${x} ${y}V${label.y - 4}" />` : nothing}
      ${own ? svg`<circle class="ring" cx=${x} cy=${y} r="9" />` : nothing}
      <circle class="hit" cx=${x} cy=${y} r="12" />
      <circle class="disc" cx=${x} cy=${y} r="4.5" />
      <text class="${label.anchor} ${own ? 'strong' : ''}" x=${label.x} y=${label.y}>${name}</text>
    </g>`;
}
