import { join } from 'node:path';
import { runAnnotation } from '../cluster/stages.ts';

interface Relabel {
  readonly source_labels: readonly string[];
  readonly action?: 'keep' | 'replace';
  readonly regex?: string;
  readonly replacement?: string;
  readonly target_label?: string;
}

const pod = (name: string): string => `__meta_kubernetes_pod_${name}`;
const annotation = (name: string): string => pod(`annotation_${name.replaceAll(/[^a-zA-Z0-9]/g, '_')}`);

const keep = (label: string, regex: string): Relabel => ({ source_labels: [label], action: 'keep', regex });
const copy = (from: string, to: string): Relabel => ({ source_labels: [from], target_label: to });

/** Which pods are scraped where, and which of their labels every series gets. */
const podRelabeling: readonly Relabel[] = [
  keep(annotation('prometheus.io/scrape'), 'true'),
  // In simulated pods nothing listens.
  keep(annotation(runAnnotation), 'true'),
  keep(pod('phase'), 'Running'),
  { source_labels: [annotation('prometheus.io/path')], regex: '(.+)', target_label: '__metrics_path__' },
  {
    source_labels: [pod('ip'), annotation('prometheus.io/port')],
    regex: '([^;]+);(.+)',
    replacement: '$1:$2',
    target_label: '__address__',
  },
  copy('__meta_kubernetes_namespace', 'namespace'),
  copy(pod('name'), 'pod'),
  copy(pod('label_app'), 'app'),
  copy(pod('label_track'), 'track'),
  copy(pod('label_version'), 'version'),
];

export interface ScrapeOptions {
  readonly kubeconfig: string;
  /** Folder whose `*.yaml` files hold alerting and recording rules. */
  readonly rules: string;
  /** `host:port` of Envoy's admin interface, when there is a gateway. */
  readonly envoy?: string | undefined;
}

/** Prometheus' configuration: pod discovery every 5 s, and the gateway's own numbers. */
export function scrapeConfig({ kubeconfig, rules, envoy }: ScrapeOptions): unknown {
  return {
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '5s' },
    rule_files: [join(rules, '*.yaml')],
    scrape_configs: [
      {
        job_name: 'pods',
        kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: kubeconfig }],
        relabel_configs: podRelabeling,
      },
      ...(envoy === undefined
        ? []
        : [
            {
              job_name: 'gateway',
              metrics_path: '/stats/prometheus',
              params: { usedonly: [''] },
              static_configs: [{ targets: [envoy] }],
            },
          ]),
    ],
  };
}
