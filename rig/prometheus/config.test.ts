import { describe, expect, it } from '@jest/globals';
import { scrapeConfig } from './config.ts';

interface Config {
  global: { scrape_interval: string };
  rule_files: string[];
  scrape_configs: {
    job_name: string;
    relabel_configs?: { source_labels: string[]; action?: string; target_label?: string; regex?: string }[];
    static_configs?: { targets: string[] }[];
  }[];
}
const config = (envoy?: string): Config =>
  scrapeConfig({ kubeconfig: '/k', rules: '/rules', envoy }) as Config;

describe('Prometheus’ configuration', () => {
  it('scrapes annotated real pods every 5 s', () => {
    const pods = config().scrape_configs[0];
    expect(config().global.scrape_interval).toBe('5s');
    const kept = pods?.relabel_configs?.filter(({ action }) => action === 'keep');
    expect(kept?.flatMap(({ source_labels }) => source_labels)).toEqual([
      '__meta_kubernetes_pod_annotation_prometheus_io_scrape',
      '__meta_kubernetes_pod_annotation_rig_gated_delivery_dev_run',
      '__meta_kubernetes_pod_phase',
    ]);
  });

  it('labels every series with where it comes from', () => {
    const targets = config().scrape_configs[0]?.relabel_configs?.map(({ target_label }) => target_label);
    expect(targets).toEqual(expect.arrayContaining(['namespace', 'pod', 'app', 'track', 'version']));
  });

  it('scrapes the gateway only where there is one', () => {
    expect(config().scrape_configs).toHaveLength(1);
    expect(config('127.70.255.1:15000').scrape_configs[1]?.static_configs).toEqual([
      { targets: ['127.70.255.1:15000'] },
    ]);
  });

  it('reads rules from its folder', () => {
    expect(config().rule_files).toEqual(['/rules/*.yaml']);
  });
});
