import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { helmFolder, type HelmMajor } from '../../e2e/support/helm-folders.ts';
import { rig, tool } from '../../e2e/support/rig.ts';
import { runBundle } from '../../e2e/support/run-bundle.ts';

export interface Cost {
  /** By the clock, in ms. */
  readonly ms: number;
  /** Processor time of the process and all that it started, in ms: a busy machine changes it less than the clock. */
  readonly processorMs: number;
}

/** A consumer with one helmfile of many releases, deployed by helmfile alone or by the action. */
export interface BenchSite {
  /** Both deploy the version to namespaces of their own. */
  readonly bare: (version: string) => Promise<Cost>;
  readonly action: (version: string) => Promise<Cost>;
  /** The most memory that the process of an action had so far, in MiB; 0 where there is no /proc. */
  readonly mostMiB: () => number;
  readonly stop: () => Promise<void>;
}

const templates = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - {name: main, image: "shop/app:{{ .Values.version }}", ports: [{name: http, containerPort: 3000}]}
---
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {selector: {app: "{{ .Release.Name }}"}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {version: "{{ .Values.version }}"}
`;

export async function startSite(releases: number, major: HelmMajor): Promise<BenchSite> {
  const folder = mkdtempSync(join(tmpdir(), 'gd-bench-'));
  const base = rig().env;
  const env = { ...base, PATH: [await helmFolder(major), base.PATH ?? ''].join(delimiter) };
  const namespaces = { bare: `bench-bare-${process.pid}`, action: `bench-action-${process.pid}` };
  mkdirSync(join(folder, 'chart/templates'), { recursive: true });
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'chart/templates/all.yaml'), templates);
  const names = Array.from({ length: releases }, (_, index) => `app-${index}`);
  const list = names.map((name) => `  - {name: ${name}, chart: ./chart, values: [values.yaml]}\n`).join('');
  writeFileSync(join(folder, 'helmfile.yaml'), `environments: {test: {}}\n---\nreleases:\n${list}`);
  const timed = async (version: string, work: () => Promise<void>): Promise<Cost> => {
    writeFileSync(join(folder, 'values.yaml'), `version: "${version}"\n`);
    const before = { ms: performance.now(), processorMs: processorOfEnded() };
    await work();
    return {
      ms: performance.now() - before.ms,
      processorMs: processorOfEnded() - before.processorMs,
    };
  };

  let mostKiB = 0;
  const watchMemory = (child: ChildProcess): void => {
    const timer = setInterval(() => {
      mostKiB = Math.max(mostKiB, highWaterKiB(child.pid));
    }, 100);
    child.once('close', () => {
      clearInterval(timer);
    });
  };

  return {
    bare: (version) =>
      timed(version, async () => {
        const args = ['sync', '--wait', '--wait-for-jobs', '--timeout', '120', '--hide-notes'];
        const where = ['--environment', 'test', '--namespace', namespaces.bare];
        await tool('helmfile', [...where, ...args], { cwd: folder, env });
      }),
    action: (version) =>
      timed(version, async () => {
        const result = await runBundle({
          action: 'helm-deploy',
          inputs: {
            environments: `- {branch: main, environment: test, namespace: ${namespaces.action}}`,
            timeout: '120s',
          },
          cwd: folder,
          env: { ...env, GITHUB_SHA: version.padStart(40, '0') },
          onStart: watchMemory,
        });
        if (result.code !== 0) throw new Error(result.errors.join('\n') || result.log);
        if (result.outputs.changed !== 'true') throw new Error('nothing was deployed');
      }),
    mostMiB: () => mostKiB / 1024,
    stop: async () => {
      rmSync(folder, { recursive: true, force: true });
      for (const namespace of Object.values(namespaces))
        await tool('kubectl', ['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
    },
  };
}

/** Linux keeps the highest resident size of a process; 0 when it is gone. */
function highWaterKiB(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** User and system time of all child processes that have ended, theirs included, in ms; from proc_pid_stat(5), in ticks of 10 ms. */
function processorOfEnded(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[13]) + Number(fields[14]));
}
