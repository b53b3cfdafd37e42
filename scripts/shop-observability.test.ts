/** What the example's alerts and dashboard rest on: receivers that exist, routes that lead there, series that are there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { installTools } from '../rig/install/install.ts';
import { root } from './action-metadata.ts';

const shop = join(root, 'examples/shop');
const read = (path: string): string => readFileSync(join(shop, path), 'utf8');

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}
interface Alertmanager {
  readonly route: Route;
  readonly receivers: readonly { readonly name: string }[];
  readonly time_intervals: readonly { readonly name: string }[];
  readonly inhibit_rules: readonly Readonly<
    Record<'source_matchers' | 'target_matchers', readonly string[]>
  >[];
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly Panel[];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert?: string;
      readonly record?: string;
      readonly expr: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
  }[];
}

const rules = (parse(read('observability/rules/shop.rules.yaml')) as Rules).groups.flatMap(
  (group) => group.rules,
);

describe('the routing of alerts', () => {
  const config = parse(read('observability/alertmanager/alertmanager.yaml')) as Alertmanager;
  const routes = (route: Route): Route[] => [route, ...(route.routes ?? []).flatMap(routes)];
  type Labels = Readonly<Record<string, string>>;
  const matches = (matcher: string, labels: Labels): boolean => {
    const [, name = '', operator = '', raw = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*(.*)$/.exec(matcher) ?? [];
    const value = raw.replace(/^"(.*)"$/, '$1');
    const given = labels[name] ?? '';
    const is = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(given) : given === value;
    return operator.startsWith('!') ? !is : is;
  };
  const all = (matchers: readonly string[] = [], labels: Labels): boolean =>
    matchers.every((matcher) => matches(matcher, labels));
  /** The first route that takes the alert, as Alertmanager goes without `continue`. */
  const routeOf = (labels: Labels, route = config.route): Route => {
    const next = route.routes?.find((each) => all(each.matchers, labels));
    return next === undefined ? route : routeOf(labels, next);
  };

  it('names receivers and times that are there, and leaves no receiver out', () => {
    const named = routes(config.route).map(({ receiver }) => receiver);
    expect(new Set(named)).toEqual(new Set(config.receivers.map(({ name }) => name)));
    const times = routes(config.route).flatMap((route) => route.mute_time_intervals ?? []);
    expect(config.time_intervals.map(({ name }) => name)).toEqual(expect.arrayContaining(times));
  });

  it.each([
    [{ severity: 'critical', namespace: 'production', track: 'stable' }, 'on-call', false],
    [{ severity: 'critical', namespace: 'production' }, 'on-call', false],
    [{ severity: 'critical', namespace: 'production', track: 'canary' }, 'canary-channel', false],
    [{ severity: 'warning', namespace: 'production', track: 'stable' }, 'team-channel', false],
    [{ severity: 'critical', namespace: 'staging' }, 'team-channel', true],
    [{ severity: 'warning', namespace: 'preview-a-h12345678' }, 'team-channel', true],
    // An alert that lost its namespace may be production's: it is heard at night, too.
    [{ severity: 'critical' }, 'team-channel', false],
  ])('leads %j to %s', (labels, receiver, isQuiet) => {
    const route = routeOf(labels);
    expect([route.receiver, route.mute_time_intervals !== undefined]).toEqual([receiver, isQuiet]);
  });

  it('silences alerts that exist, and never one by itself', () => {
    const alerts = rules.flatMap(({ alert, labels }) =>
      alert === undefined ? [] : [{ alertname: alert, ...labels }],
    );
    for (const { source_matchers: source, target_matchers: target } of config.inhibit_rules) {
      const names = [...source, ...target].flatMap(
        (text) => /^alertname =~? "?([\w|]+)/.exec(text)?.[1]?.split('|') ?? [],
      );
      expect(alerts.map(({ alertname }) => alertname)).toEqual(expect.arrayContaining(names));
      const [sources, targets] = [source, target].map((side) => alerts.filter((labels) => all(side, labels)));
      expect(sources).not.toEqual([]);
      expect(targets?.filter((alert) => sources?.includes(alert))).toEqual([]);
    }
  });

  it('holds no secret', () => {
    const text = read('observability/alertmanager/alertmanager.yaml');
    expect(text).not.toMatch(/^\s*(-\s*)?(api_url|routing_key|service_key|password|url):/m);
  });

  it('gives each alert a severity and a page that is there', () => {
    const pages = new Set(
      [...read('README.md').matchAll(/^### (.+)$/gm)].map(([, title = '']) => anchor(title)),
    );
    for (const { alert, labels, annotations } of rules.filter((rule) => rule.alert !== undefined)) {
      expect([alert, labels?.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      const page = annotations?.runbook?.replace('README.md#', '') ?? '';
      expect([alert, pages.has(page)]).toEqual([alert, true]);
    }
  });
});

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('observability/grafana/canary.json')) as Dashboard;
  const expressions = dashboard.panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));

  it('has panels with an id of their own that lie side by side', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { gridPos: a, title }] of panels.entries()) {
      expect([title, a.x >= 0 && a.x + a.w <= 24]).toEqual([title, true]);
      const over = panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
      expect([title, over.map((panel) => panel.title)]).toEqual([title, []]);
    }
  });

  it('uses variables that it has, and asks the source that is chosen', () => {
    const known = [
      ...dashboard.templating.list.map(({ name }) => name),
      '__range',
      '__rate_interval',
      '__interval',
    ];
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)\}?/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !known.includes(name) && !/^\d+$/.test(name))).toEqual([]);
    expect(JSON.stringify(dashboard)).not.toMatch(
      /"uid":"(?!\$\{datasource\}|-- )[^"]*","type":"prometheus"/,
    );
    expect(dashboard.uid).toMatch(/^[\w-]{1,40}$/);
  });

  it('asks in PromQL, and for series that somebody makes', async () => {
    const filled = expressions.map((expr) =>
      expr.replaceAll(/\$(__\w+)/g, '5m').replaceAll(/\$\{?\w+\}?/g, 'x'),
    );
    const tools = await installTools(['prometheus'], { log: () => undefined });
    const folder = mkdtempSync(join(tmpdir(), 'gd-dashboard-'));
    try {
      const file = join(folder, 'rules.yaml');
      const group = {
        name: 'dashboard',
        rules: filled.map((expr, index) => ({ record: `panel:${index}`, expr })),
      };
      writeFileSync(file, stringify({ groups: [group] }));
      const promtool = join(tools.get('prometheus') ?? '', 'promtool');
      const { status, stderr } = spawnSync(promtool, ['check', 'rules', file], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const asked = new Set(
      expressions.flatMap((expr) => [...expr.matchAll(/([a-z_:][\w:]*)\{/g)].map(([, name = '']) => name)),
    );
    expect(asked.size).toBeGreaterThan(5);
    const made =
      [...sources('packages'), ...sources('services')].join('\n') +
      rules.map(({ record }) => record).join('\n');
    const unmade = [...asked].filter(
      (name) =>
        !/^(up|process_|nodejs_|kube_|container_|istio_)/.test(name) &&
        !made.includes(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unmade).toEqual([]);
  });
});

/** The texts of the JavaScript below a folder of the example. */
function sources(folder: string): string[] {
  return readdirSync(join(shop, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.includes('node_modules'))
    .map((name) => read(join(folder, name)));
}
