import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffManifests } from './diff-manifests.ts';
import type { ManifestObject } from './manifest-object.ts';

const secret = (data: Record<string, string>): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data,
});
const deployment = (image: string, env: unknown[] = []): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { template: { spec: { containers: [{ name: 'app', image, env }] } } },
});

describe('diffManifests', () => {
  it('names fields by their containers', () => {
    expect(diffManifests([deployment('a:1')], [deployment('a:2')], 'shop')).toEqual([
      {
        change: 'changed',
        object: 'Deployment/d',
        key: 'apps|Deployment|shop|d',
        fields: [{ path: 'spec.template.spec.containers[app].image', before: '"a:1"', after: '"a:2"' }],
      },
    ]);
  });

  it('says what comes and goes', () => {
    const changes = diffManifests([secret({})], [deployment('a')], 'shop');
    expect(changes.map((change) => [change.change, change.object])).toEqual([
      ['removed', 'Secret/s'],
      ['added', 'Deployment/d'],
    ]);
  });

  it('never shows a value of a Secret, and still says that it changed', () => {
    const value = fc.string({ minLength: 8, unit: fc.constantFrom('q', 'w', '7', 'Z') });
    fc.assert(
      fc.property(value, value, (before, after) => {
        const changes = diffManifests([secret({ k: before })], [secret({ k: after })], 'shop');
        expect(changes).toHaveLength(before === after ? 0 : 1);
        expect(JSON.stringify(changes)).not.toContain(before);
        expect(JSON.stringify(changes)).not.toContain(after);
      }),
    );
  });

  it.each([
    ['a named environment variable', [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }]],
    ['an address with a password', [{ name: 'DB', value: 'mongodb://u:hunter2hunter2@db/x' }]],
  ])('hides %s', (_, env) => {
    const text = JSON.stringify(diffManifests([deployment('a')], [deployment('a', env)], 'shop'));
    expect(text).toContain('(redacted)');
    expect(text).not.toContain('hunter2');
  });

  const pod = (args: string[]): ManifestObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'app', args }] },
  });
  const settings = (content: string, field = 'data'): ManifestObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    [field]: { 'app.conf': content },
  });
  const shown = (before: ManifestObject, after: ManifestObject): string =>
    JSON.stringify(diffManifests([before], [after], 'shop'));

  it.each([
    [['--password=hunter2']],
    [['--db-password', 'hunter2']],
    [['-c', 'psql --password hunter2']],
    [['-c', 'PGPASSWORD=hunter2 psql']],
    [['--set=db.password=hunter2']],
    [['--header', 'Authorization: Bearer hunter2']],
    [['--redis=redis://:hunter2@db/0']],
  ])('hides the secret in the arguments %j', (args) => {
    expect(shown(pod([]), pod(args))).toContain('(redacted)');
    expect(shown(pod([]), pod(args))).not.toContain('hunter2');
  });

  it.each([
    'port: 80\ndatabase:\n  password: hunter2\n',
    'spring.datasource.password=hunter2',
    'bind 0.0.0.0\nrequirepass hunter2\nappendonly yes\n',
    '{"db":{"password":"hunter2"}}',
    '<db>\n  <password>hunter2</password>\n</db>',
    'password: |\n  hunter2\n',
    '["serve", "--token", "hunter2"]',
    'password = ${DB_PASSWORD:-hunter2}',
  ])('hides the file %j in a ConfigMap', (content) => {
    expect(shown(settings(''), settings(content))).toContain('(redacted)');
    expect(shown(settings(''), settings(content))).not.toContain('hunter2');
  });

  it.each(['max_tokens: 4096', 'tokenTtl=3600s', 'secret-rotation-days: "30"', '{"tokens":128}'])(
    'shows the file %j, whose number only counts',
    (content) => {
      expect(shown(settings(''), settings(content))).not.toContain('(redacted)');
    },
  );

  it.each(['password: 20042004', 'minio_secret: 20042004', 'api_token=123456', 'tokens: 12ab34'])(
    'hides the file %j, whose number may be the secret',
    (content) => {
      expect(shown(settings(''), settings(content))).not.toContain(content.replace(/.*[ =]/, ''));
    },
  );

  it('hides what is in base64', () => {
    const encoded = Buffer.from('password=hunter2').toString('base64');
    expect(shown(settings('', 'binaryData'), settings(encoded, 'binaryData'))).not.toContain(encoded);
  });

  it.each([
    [['--password=$(DB_PASSWORD)']],
    [['--password', '$(DB_PASSWORD)']],
    [['--password-file=/run/secrets/db']],
    [['--auth=true']],
    [['--image=shop/auth:1.2']],
    [['--secret-name=db']],
    [['--max-tokens', '4096']],
  ])('shows the arguments %j, which hold no secret', (args) => {
    expect(shown(pod([]), pod(args))).not.toContain('(redacted)');
  });

  it('reads a long text in linear time', () => {
    const parts = [
      'a',
      'a=',
      ' ',
      '<a>',
      '--a ',
      '"a":',
      'a\n',
      '-',
      'eyJ-',
      'eyJaaaaaaaaaa.',
      '://a:',
      'basic ',
    ];
    for (const part of parts) {
      const started = process.cpuUsage();
      shown(settings(''), settings(`authorization${part.repeat(1_000_000 / part.length)}`));
      expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
    }
  });

  it('shows which Secret a container reads', () => {
    const env = [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    const text = JSON.stringify(diffManifests([deployment('a')], [deployment('a', env)], 'shop'));
    expect(text).toContain('\\"db\\"');
  });
});
