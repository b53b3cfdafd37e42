import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEntries } from './parse-entries.ts';
import { resolveEnvironment, type ResolveRequest } from './resolve-environment.ts';
import { isLabel } from './slug.ts';

const map = parseEntries(
  `- {branch: main,         environment: production, namespace: production, gate: required}
- {branch: develop,      environment: dev,        namespace: dev}
- {branch: 'release/*',  environment: staging,    namespace: staging}
- {branch: 'test/**',    environment: test,       namespace: test}
- {branch: 'feature/**', environment: 'preview/{slug}', namespace: 'preview-{slug}', preview: true, ttl: 7d}
`,
  'environments',
);

const resolve = (request: Partial<ResolveRequest>): ReturnType<typeof resolveEnvironment> =>
  resolveEnvironment({ entries: map, ref: '', headRef: '', eventName: 'push', event: {}, ...request });

const pull = (from: string | null, ref: string): Partial<ResolveRequest> => ({
  ref: 'refs/pull/7/merge',
  headRef: ref,
  eventName: 'pull_request',
  event: {
    pull_request: {
      head: { ref, repo: from === null ? null : { full_name: from } },
      base: { repo: { full_name: 'shop/shop' } },
    },
  },
});

describe('resolveEnvironment', () => {
  it.each([
    ['refs/heads/main', 'production'],
    ['refs/heads/develop', 'dev'],
    ['refs/heads/release/1', 'staging'],
    ['refs/heads/test/a/b', 'test'],
  ])('maps %s to %s', (ref, namespace) => {
    expect(resolve({ ref })).toMatchObject({ kind: 'mapped', namespace, environment: namespace });
  });

  it.each([
    ['refs/tags/main'],
    ['refs/pull/3/merge'],
    ['refs/heads/release/1/2'],
    ['refs/heads/Main'],
    ['refs/heads/gh-readonly-queue/main/pr-1'],
    [''],
  ])('maps %s to nothing', (ref) => {
    expect(resolve({ ref }).kind).toBe('unmapped');
  });

  it('takes the head branch of a pull request of this repository', () => {
    expect(resolve(pull('shop/shop', 'develop'))).toMatchObject({ namespace: 'dev' });
  });

  it.each([['fork/shop'], [null]])('refuses a pull request from %s', (from) => {
    expect(() => resolve(pull(from, 'develop'))).toThrow(expect.objectContaining({ code: 'E_UNSAFE_EVENT' }));
  });

  it.each([{ branch: 'main' }, { environment: 'production' }, { branch: 'main', environment: 'production' }])(
    'refuses a fork also when the inputs say %j',
    (inputs) => {
      const event = {
        pull_request: {
          head: { ref: 'main', repo: { full_name: 'fork/shop' } },
          base: { repo: { full_name: 'shop/shop' } },
        },
      };
      expect(() => resolve({ ...inputs, eventName: 'pull_request_target', event })).toThrow(/fork\/shop/);
    },
  );

  it('takes the deleted branch, not the default one', () => {
    const found = resolve({
      ref: 'refs/heads/main',
      eventName: 'delete',
      event: { ref: 'feature/x', ref_type: 'branch' },
    });
    expect(found).toMatchObject({ preview: true, branch: 'feature/x' });
    expect(
      resolve({ ref: 'refs/heads/main', eventName: 'delete', event: { ref: 'v1', ref_type: 'tag' } }).kind,
    ).toBe('unmapped');
  });

  it('finds a preview again by its environment name', () => {
    const first = resolve({ ref: 'refs/heads/feature/A_b' });
    if (first.kind !== 'mapped') throw new Error('not mapped');
    expect(resolve({ environment: first.environment })).toMatchObject({
      namespace: first.namespace,
      slug: first.slug,
    });
    expect(resolve({ environment: 'preview/UPPER' }).kind).toBe('unmapped');
    expect(resolve({ environment: 'nowhere' }).kind).toBe('unmapped');
  });

  it('gives every feature branch a namespace of its own', () => {
    const owners = new Map<string, string>();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (name) => {
        const found = resolve({ ref: `refs/heads/feature/${name}` });
        if (found.kind !== 'mapped') return false;
        const owner = owners.get(found.namespace) ?? name;
        owners.set(found.namespace, name);
        return isLabel(found.namespace) && owner === name;
      }),
      { numRuns: 100_000, seed: 11 },
    );
  });

  it('refuses a template that lands on the namespace of another entry', () => {
    const entries = parseEntries(
      "- {branch: a, environment: one, namespace: x-main}\n- {branch: main, environment: two, namespace: 'x-{slug}'}",
      'environments',
    );
    expect(() => resolve({ entries, ref: 'refs/heads/main' })).toThrow(/x-main .* may not be used/);
  });
});
