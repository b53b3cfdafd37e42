/**
 * `node bench/canary/rig-main.ts`: A/A on the rig. Twenty alike processes behind Envoy, each in bursts of 10 s with ten
 * times the errors now and then; each plays the canary against the other nineteen, over what Prometheus scraped.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GateConfig } from '../../actions/canary-gate/src/analysis/gate.ts';
import { parseMetrics } from '../../actions/canary-gate/src/config/parse-metrics.ts';
import { replay } from '../../actions/canary-gate/src/replay.ts';
import { startLoad } from '../../rig/load/start-load.ts';
import { startRig } from '../../rig/rig.ts';
import { httpClient } from '../../toolkit/http/http-client.ts';
import { httpPrometheus } from '../../toolkit/prometheus/http-prometheus.ts';
import { parseMatchers } from '../../toolkit/prometheus/matchers.ts';
import { aaObjects, aaProgram } from './rig-service.ts';

const pods = 20;
const rps = 200;
const baselineSeconds = 180;
const watchSeconds = 180;
const never = new AbortController().signal;

const rig = await startRig({
  istio: true,
  prometheus: true,
  log: (line) => {
    console.error(line);
  },
});
try {
  const folder = mkdtempSync(join(tmpdir(), 'canary-aa-'));
  writeFileSync(join(folder, 'server.js'), aaProgram);
  writeFileSync(join(folder, 'image.json'), '{"command": ["node", "server.js"]}');
  await rig.images.publish('bench/service:1', folder);
  writeFileSync(join(folder, 'objects.json'), JSON.stringify(aaObjects(pods)));
  execFileSync(join(rig.binDir, 'kubectl'), ['apply', '-f', join(folder, 'objects.json')], { env: rig.env });
  const host = 'aa.example.com';
  await sleep(45_000);
  const load = await startLoad({ url: rig.gatewayUrl, rps, paths: ['/'], headers: { host } });
  await sleep((60 + baselineSeconds + watchSeconds + 40) * 1000);
  const sent = await load.stop();

  const endMs = Date.now() - 40_000;
  const sinceMs = endMs - watchSeconds * 1000;
  const prometheus = httpPrometheus(httpClient({ timeoutMs: 30_000 }), rig.prometheusUrl, {});
  const loki = { counts: () => Promise.resolve([]) };
  const known = await prometheus.rangeVector('up{app="aa"}', endMs, 60_000, never);
  const names = [...new Set(known.series.map(({ labels }) => labels.pod ?? ''))].sort();
  const lines: string[] = [];
  let [fails, promotions, capped] = [0, 0, 0];
  for (const pod of names) {
    const config: GateConfig = {
      metrics: parseMetrics('- preset: http-errors', 'metrics', { margin: 1.25, promoteMargin: undefined }),
      arms: {
        canary: parseMatchers(`app="aa",pod="${pod}"`),
        stable: parseMatchers(`app="aa",pod!="${pod}"`),
      },
      ...{ sinceMs, intervalMs: 5_000, alpha: 0.01, promoteAlpha: 0.05, plannedSteps: 0 },
      ...{ minDurationMs: 60_000, maxDurationMs: 86_400_000 },
    };
    const { verdict, looks } = await replay({ prometheus, loki }, config, endMs, never);
    if (verdict.kind === 'fail') fails += 1;
    if (verdict.kind === 'pass') promotions += 1;
    if (verdict.kind === 'inconclusive' && verdict.cause === 'placebo') capped += 1;
    const metric = looks.at(-1)?.metrics[0];
    const rate = ((100 * (metric?.canary.events ?? 0)) / (metric?.canary.total ?? 1)).toFixed(1);
    lines.push(
      `| ${pod} | ${verdict.kind} | ${metric?.canary.total ?? 0} | ${rate} % | ${(metric?.phi ?? 1).toFixed(1)} |`,
    );
  }
  const report = [
    `Command: \`node bench/canary/rig-main.ts\`, ${new Date().toISOString().slice(0, 10)}. ${names.length} A/A runs on the rig: ${rps} requests per second`,
    `through Envoy to ${names.length} alike processes (2 % errors; one tenth of the time, 10 s at a stretch, 20 %), scraped every 5 s by`,
    `Prometheus; ${baselineSeconds / 60} min of history, ${watchSeconds / 60} min of watch. ${sent.sent} requests: ${JSON.stringify(sent.byStatus)}.`,
    '',
    `False fails: **${fails} of ${names.length}** (α = 1 %). Passed within ${watchSeconds / 60} min: ${promotions}. Capped by the placebo: ${capped}.`,
    'The runs share their data, so this shows no rate; the simulation grid does.',
    '',
    '| canary | verdict | requests | errors | φ |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
  writeFileSync('docs/benchmarks/canary-rig.md', report);
  console.log(report);
} finally {
  await rig.stop();
}
