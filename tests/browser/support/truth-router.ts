// The router's table and the arithmetic under it, as the native engine computed them.

import type { Route } from './native';
import { float } from './native';
import { exact, signed, spaced } from './printed';
import type { Seen, SeenCell } from './seen';
import type { Step } from './truth-step';
import { at, range } from './truth-step';

const NOTHING: SeenCell = { text: '', struck: '', bar: '', disc: '', hatched: false, explained: false };
/** The columns of the router's table and their headers. A narrow table has only `NARROW_COLUMNS`. */
const COLUMNS = {
  logit: 'logit',
  score: 'score',
  bias: '+ bias',
  choice: 'choice',
  group: 'group score',
  chosen: 'chosen',
  share: 'share',
  weight: 'weight',
};
const NARROW_COLUMNS = ['score', 'choice', 'group', 'chosen', 'weight'];
/** Radius of a disc if its share is 1, px. */
const DISC = 12;

/** A cell of the router's table. In the column `group`, an expert stands for its group. */
interface Cell {
  readonly expert: number;
  readonly column: string;
}

/** A layer's routing of the playhead's token. */
class Routing {
  readonly logits: readonly number[] | undefined;
  readonly biases: readonly number[];
  readonly explained: Cell;

  constructor(
    readonly step: Step,
    readonly route: Route,
  ) {
    const { native, position, shape, layer, asked } = step;
    const row = layer - shape.dense;
    // A native run without details has no logits; the page's logits are then not checked.
    this.logits = native.details?.[position]?.router_logits[row];
    this.biases = at(native.selection_biases, row);
    const looked = asked.expert ?? at(route.experts, 0);
    this.explained = asked.explained ?? {
      expert: looked,
      column: route.experts.includes(looked) ? 'weight' : 'chosen',
    };
  }

  score(expert: number): string {
    return exact(at(this.route.scores, expert));
  }

  choice(expert: number): string {
    return exact(at(this.route.choice_scores, expert));
  }

  sum(group: number): string {
    return exact(at(this.route.group_scores, group));
  }
}

export function wantedRouter(step: Step): Seen['router'] {
  const { position, shape, layer, perGroup, seen, asked } = step;
  const title = spaced(`${step.quotedAt(position)} in layer ${layer}`);
  const route = step.route(position, layer);
  if (!route) {
    const sentence = `Layer ${layer} is dense: every token runs through the same network, and there is no router.`;
    return { title, sentence, heads: [], rows: [], explanation: { heading: '', equation: '' } };
  }
  const narrow = seen.router?.heads.length === NARROW_COLUMNS.length + 1;
  const columns = Object.entries(COLUMNS).filter(([column]) => !narrow || NARROW_COLUMNS.includes(column));
  const routing = new Routing(step, route);
  return {
    title,
    sentence:
      `The router scores ${shape.experts} experts, keeps the best ${shape.keptGroups} of ${shape.groups} groups, ` +
      `and chooses the best ${shape.chosen} experts in them.`,
    heads: ['expert', ...columns.map(([, head]) => head)],
    rows: route.scores.map((_, expert) => ({
      expert,
      kind: route.experts.includes(expert) ? 'in' : step.isKept(route, expert) ? 'out' : 'cut',
      looked: expert === asked.expert,
      cells: Object.fromEntries(
        columns
          .filter(([column]) => column !== 'group' || expert % perGroup === 0)
          .map(([column]) => [column, wantedCell(routing, { expert, column })]),
      ),
    })),
    explanation: explanation(routing),
  };
}

function wantedCell({ step, route, ...routing }: Routing, { expert, column }: Cell): SeenCell {
  const { explained, logits, biases } = routing;
  const rank = route.experts.indexOf(expert);
  const kept = step.isKept(route, expert);
  const isSame =
    column === 'group' ? step.groupOf(expert) === step.groupOf(explained.expert) : expert === explained.expert;
  const cell = (text: string, rest: Partial<SeenCell> = {}): SeenCell => ({
    ...NOTHING,
    text,
    explained: column === explained.column && isSame,
    ...rest,
  });
  switch (column) {
    case 'logit':
      return cell(logits ? exact(at(logits, expert)) : (step.seen.router?.rows[expert]?.cells['logit']?.text ?? ''));
    case 'score': {
      const score = float(at(route.scores, expert));
      return cell(exact(score), { bar: `${score * 100}%` });
    }
    case 'bias':
      return cell(signed(at(biases, expert)));
    case 'choice': {
      const choice = exact(at(route.choice_scores, expert));
      return cell(choice, { struck: kept ? '' : choice });
    }
    case 'group': {
      const sum = exact(at(route.group_scores, step.groupOf(expert)));
      return cell(`${sum}${kept ? 'kept' : 'ruled out'}`, { struck: kept ? '' : sum });
    }
    case 'chosen':
      if (!kept) return cell('', { hatched: true });
      if (rank < 0) return cell('');
      return cell('chosen', { disc: String(DISC * Math.sqrt(float(at(route.shares, rank)))) });
    default:
      return cell(rank < 0 ? '' : exact(at(column === 'share' ? route.shares : route.weights, rank)));
  }
}

/** The formula of the explained cell, with all numbers filled in. */
function explanation(routing: Routing): { heading: string; equation: string } {
  const { step, route, logits, biases, explained } = routing;
  const { shape, perGroup } = step;
  const { expert, column } = explained;
  const rank = route.experts.indexOf(expert);
  const group = step.groupOf(expert);
  const bracketed = (number: string): string => (number.startsWith('−') ? `(${number})` : number);
  const names: Record<string, string> = { choice: 'choice score', group: 'group score', chosen: 'chosen or not' };
  const heading = `Expert ${expert}: ${names[column] ?? column}`;
  const least = (values: readonly number[], among: readonly number[]): number =>
    among.reduce((least, each) => (at(values, each) < at(values, least) ? each : least), at(among, 0));
  const logit = logits ? at(logits, expert) : NaN;
  switch (column) {
    case 'logit':
      return { heading, equation: `x · w ${expert} ≈ ${exact(logit)}` };
    case 'score':
      return { heading, equation: `σ(${exact(logit)}) = 1 / (1 + e^(${exact(-logit)})) ≈ ${routing.score(expert)}` };
    case 'bias':
      return { heading, equation: `bias ${expert} ≈ ${exact(at(biases, expert))}` };
    case 'choice': {
      const bias = bracketed(exact(at(biases, expert)));
      return { heading, equation: `${routing.score(expert)} + ${bias} ≈ ${routing.choice(expert)}` };
    }
    case 'group': {
      const [from, to] = [group * perGroup, (group + 1) * perGroup];
      const members = range(from, to).sort(
        (one, other) => at(route.choice_scores, other) - at(route.choice_scores, one) || one - other,
      );
      const best = members.slice(0, 2).map(each => bracketed(routing.choice(each)));
      const equation = `${best.join(' + ')} ≈ ${routing.sum(group)}`;
      return { heading: `Experts ${from}–${to - 1}: group score`, equation };
    }
    case 'chosen': {
      const lastKept = least(route.group_scores, route.kept_groups);
      if (!step.isKept(route, expert)) return { heading, equation: `${routing.sum(group)} ≤ ${routing.sum(lastKept)}` };
      const lastChosen = least(route.choice_scores, route.experts);
      if (expert === lastChosen) return { heading, equation: routing.choice(expert) };
      const equation = `${routing.choice(expert)} ${rank < 0 ? '≤' : '≥'} ${routing.choice(lastChosen)}`;
      return { heading, equation };
    }
    case 'share': {
      if (rank < 0) return { heading, equation: '' };
      const scores = route.experts.map(each => routing.score(each));
      const addends = scores.length > 4 ? [...scores.slice(0, 2), '…', ...scores.slice(-1)] : scores;
      const share = exact(at(route.shares, rank));
      return { heading, equation: `${routing.score(expert)} / (${addends.join(' + ')}) ≈ ${share}` };
    }
    default: {
      if (rank < 0) return { heading, equation: '' };
      const [share, weight] = [route.shares, route.weights].map(values => exact(at(values, rank)));
      return { heading, equation: `${shape.scaling} × ${share} ≈ ${weight}` };
    }
  }
}
