/** The files of the smallest consumer that uses everything: one chart, a branch map, four workflows. */
const suite = 'gated-delivery/gated-delivery/.github/workflows';

const environments = (prefix: string): string => `\
- { branch: main, environment: production, namespace: ${prefix}-production, gate: required }
- { branch: develop, environment: dev, namespace: ${prefix}-dev }
- { branch: ['release/*', 'hotfix/*'], environment: staging, namespace: ${prefix}-staging, allow-branch-takeover: true }
- { branch: 'test/**', environment: test, namespace: ${prefix}-test }
- { branch: canary, environment: canary, namespace: ${prefix}-canary }
- { branch: 'feature/**', environment: 'preview/{slug}', namespace: '${prefix}-{slug}', preview: true, ttl: 7d }
`;

const delivery = `\
name: Delivery
on:
  push:
  pull_request:
  merge_group:
permissions: {}
jobs:
  pipeline:
    uses: ${suite}/pipeline.yml@v1
    permissions:
      actions: read
      checks: write
      contents: read
      deployments: read
      pull-requests: write
      security-events: write
      statuses: write
    with:
      linters: \${{ vars.LINTERS || 'helm-lint' }}
      unit-tests: '["test"]'
      test-results: '*.xml'
      scanners: \${{ vars.SCANNERS || 'trivy-config' }}
      database-mirrors: \${{ vars.DATABASE_MIRRORS }}
      chart: chart
      release: app
      set: version=\${{ github.sha }}
      timeout: 30s
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
`;

const deploy = `\
name: Deploy
on: push
permissions: {}
jobs:
  deploy:
    uses: ${suite}/deploy.yml@v1
    permissions:
      actions: read
      contents: read
      deployments: read
      statuses: write
    with:
      chart: chart
      release: app
      set: version=\${{ github.sha }}
      timeout: 30s
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
`;

/** With every secret that a pipeline takes. */
const canary = `\
name: Canary
on: push
permissions: {}
jobs:
  pipeline:
    uses: ${suite}/pipeline.yml@v1
    permissions:
      actions: read
      checks: write
      contents: read
      deployments: read
      pull-requests: write
      security-events: write
      statuses: write
    with:
      linters: helm-lint
      scanners: \${{ vars.SCANNERS }}
      sonar-host-url: \${{ vars.SONAR_URL }}
      sonar-project-key: \${{ vars.SONAR_URL && 'shop' }}
      chart: chart
      release: app
      set: version=\${{ github.sha }}
      timeout: 30s
      strategy: canary
      canary-values: canary.yaml
      prometheus-url: \${{ vars.PROMETHEUS_URL }}
      canary: app="app",track="canary"
      stable: app="app",track="stable"
      router: deployment/app
      weights: '50'
      interval: 5s
      min-duration: 5s
      max-duration: 10s
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
      prometheus-token: \${{ secrets.PROMETHEUS_TOKEN }}
      prometheus-username: \${{ secrets.PROMETHEUS_USERNAME }}
      prometheus-password: \${{ secrets.PROMETHEUS_PASSWORD }}
      prometheus-headers: \${{ secrets.PROMETHEUS_HEADERS }}
      prometheus-ca-certificate: \${{ secrets.PROMETHEUS_CA }}
      prometheus-client-certificate: \${{ secrets.PROMETHEUS_CERTIFICATE }}
      prometheus-client-key: \${{ secrets.PROMETHEUS_KEY }}
      snyk-token: \${{ secrets.SNYK_TOKEN }}
      sonar-token: \${{ secrets.SONAR_TOKEN }}
`;

const door = `\
name: Door
on: push
permissions: {}
jobs:
  known:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with: { persist-credentials: false }
      - id: door
        uses: gated-delivery/gated-delivery@v1
        with: { action: lint, linters: helm-lint }
      - run: echo "the door says $VERDICT"
        env: { VERDICT: '\${{ steps.door.outputs.verdict }}' }
  unknown:
    runs-on: ubuntu-latest
    steps:
      - uses: gated-delivery/gated-delivery@v1
        with: { action: lnit }
`;

const results = `\
name: Results
on:
  workflow_run:
    workflows: [Delivery]
    types: [completed]
permissions: {}
jobs:
  results:
    uses: ${suite}/publish-results.yml@v1
    permissions:
      actions: read
      pull-requests: write
      statuses: write
`;

const cleanup = `\
name: Cleanup
on:
  delete:
  pull_request:
    types: [closed]
  schedule:
    - cron: '17 3 * * *'
permissions: {}
jobs:
  cleanup:
    uses: ${suite}/preview-cleanup.yml@v1
    permissions:
      contents: read
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
`;

const rollback = `\
name: Rollback
on:
  workflow_dispatch:
    inputs:
      environment: { type: string, required: true }
      reason: { type: string, required: true }
      dry-run: { type: boolean, default: true }
      confirm: { type: string, required: false }
permissions: {}
jobs:
  rollback:
    uses: ${suite}/rollback.yml@v1
    permissions:
      actions: read
      contents: read
      statuses: write
    with:
      environment: \${{ inputs.environment }}
      reason: \${{ inputs.reason }}
      dry-run: \${{ inputs.dry-run }}
      confirm: \${{ inputs.confirm }}
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
`;

const promote = `\
name: Promote
on:
  workflow_dispatch:
    inputs:
      from: { type: string, required: true }
      to: { type: string, required: true }
permissions: {}
jobs:
  promote:
    uses: ${suite}/promote.yml@v1
    permissions:
      actions: read
      contents: read
      deployments: read
      pull-requests: write
      statuses: write
    with:
      from: \${{ inputs.from }}
      to: \${{ inputs.to }}
      chart: chart
      release: app
      set: version=\${{ github.sha }}
      timeout: 30s
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG }}
`;

const deployment = `\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  labels: { app: app }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: app } }
  template:
    metadata:
      labels: { app: app, version: {{ .Values.version | quote }} }
      annotations: { rig.gated-delivery.dev/run: {{ .Values.real | quote }} }
    spec:
      {{- with .Values.pool }}
      nodeSelector: { pool: {{ . | quote }} }
      {{- end }}
      securityContext: { runAsNonRoot: true, runAsUser: 20000, runAsGroup: 20000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: app
          image: "registry.example.com/app:{{ .Values.version }}"
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          resources: { limits: { cpu: 100m, memory: 64Mi }, requests: { cpu: 10m, memory: 64Mi } }
`;

const canaryDeployment = `\
{{- if .Values.canary }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-canary
spec:
  replicas: 1
  selector: { matchLabels: { app: app-canary } }
  template:
    metadata: { labels: { app: app-canary } }
    spec:
      containers: [{ name: app, image: "registry.example.com/app:{{ .Values.version }}" }]
{{- end }}
`;

const reporter = (name: string, to: string): string =>
  `--test-reporter=${name} --test-reporter-destination=${to}`;
const nodeTest = `node --test ${reporter('spec', 'stdout')} ${reporter('junit', 'node.xml')}`;

export function workflowConsumer(prefix: string): Record<string, string> {
  return {
    '.github/environments.yml': environments(prefix),
    '.github/workflows/delivery.yml': delivery,
    '.github/workflows/canary.yml': canary,
    '.github/workflows/deploy.yml': deploy,
    '.github/workflows/door.yml': door,
    '.github/workflows/results.yml': results,
    '.github/workflows/cleanup.yml': cleanup,
    '.github/workflows/rollback.yml': rollback,
    '.github/workflows/promote.yml': promote,
    'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
    'chart/values.yaml': 'version: none\nreplicas: 1\nreal: false\ncanary: false\n',
    'chart/templates/deployment.yaml': deployment,
    'chart/templates/canary.yaml': canaryDeployment,
    'canary.yaml': 'canary: true\n',
    'package.json': `{ "name": "app", "private": true, "scripts": { "test": "${nodeTest}" } }\n`,
    'app.test.js': "require('node:test')('adds', () => require('node:assert').equal(1 + 1, 2));\n",
  };
}
