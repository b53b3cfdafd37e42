import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareImages, engineOf, parseImage } from './engine-image.ts';

describe('engineOf', () => {
  it.each([
    ['mongo:7', 'mongo'],
    ['docker.io/bitnami/mongodb:7.0.4-debian-11', 'mongodb'],
    ['localhost:5000/redis', 'redis'],
    ['rabbitmq:3-management', 'rabbitmq'],
    ['registry.example.com/team/my-postgres:16@sha256:00', 'postgres'],
    ['bitnami/mongodb-exporter:1', undefined],
    ['oliver006/redis_exporter:1', undefined],
    ['provectuslabs/kafka-ui:1', undefined],
    ['percona/percona-server-mongodb-operator:1', undefined],
    ['shop/backend:1', undefined],
    ['redis.example.com/shop/backend:1', undefined],
  ])('%s: %s', (image, engine) => {
    expect(engineOf(image)).toBe(engine);
  });
});

describe('parseImage', () => {
  it.each([
    ['mongo', { repository: 'mongo', tag: '', digest: '' }],
    ['host:5000/a/b:1@sha256:x', { repository: 'a/b', tag: '1', digest: 'sha256:x' }],
    ['localhost/a', { repository: 'a', tag: '', digest: '' }],
  ])('%s', (image, parts) => {
    expect(parseImage(image)).toEqual(parts);
  });
});

describe('compareImages', () => {
  it.each([
    ['mongo:7.0.4', 'mongo:6.0.12', 'down'],
    ['mongo:7.0.4', 'mongo:7.0.10', 'up'],
    ['mongo:7', 'mongo:6.0.1', 'down'],
    ['mongo:7', 'mongo:7.0.1', 'unknown'],
    ['mongo:7.0.4', 'mongo:7.0.4-jammy', 'same'],
    ['mongo:latest', 'mongo:7', 'unknown'],
    ['mongo@sha256:1', 'mongo@sha256:2', 'unknown'],
    ['mongo:7', 'other.io/mongo:6', 'down'],
    ['mongo:7', 'mongodb-community-server:6', 'unknown'],
    ['app:12345ab', 'app:12346ab', 'unknown'],
    ['redis:7.2.4rc1', 'redis:7.2.4', 'unknown'],
  ])('%s → %s: %s', (from, to, direction) => {
    expect(compareImages(from, to)).toBe(direction);
  });

  it('is the opposite the other way round', () => {
    const tag = fc.array(fc.nat({ max: 40 }), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(tag, tag, (a, b) => {
        const opposite = { same: 'same', unknown: 'unknown', up: 'down', down: 'up' };
        const there = compareImages(`redis:${a}`, `redis:${b}`);
        expect(there).not.toBe('unknown');
        expect(compareImages(`redis:${b}`, `redis:${a}`)).toBe(opposite[there]);
      }),
    );
  });
});
