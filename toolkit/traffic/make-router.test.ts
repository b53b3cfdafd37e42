import { describe, expect, it } from '@jest/globals';
import { ApiError, UserError } from '../action/errors.ts';
import type { KubectlCall } from '../kubernetes/kubectl-call.ts';
import { makeRouter } from './make-router.ts';
import { parseRouter } from './router-reference.ts';

interface Stored {
  resourceVersion: number;
  weights: [number, number];
  managers: string[];
}

/** A VirtualService on a server that keeps versions and field managers; `conflicts` writes lose their race first. */
function server(conflicts = 0): { call: KubectlCall; stored: Stored; calls: string[][] } {
  const stored: Stored = { resourceVersion: 1, weights: [100, 0], managers: ['helm'] };
  const calls: string[][] = [];
  let toLose = conflicts;
  const object = () => ({
    metadata: {
      name: 'shop',
      resourceVersion: String(stored.resourceVersion),
      managedFields: stored.managers.map((manager) => ({ manager })),
    },
    spec: {
      http: [
        {
          route: [
            { destination: { host: 'shop', subset: 'stable' }, weight: stored.weights[0] },
            { destination: { host: 'shop', subset: 'canary' }, weight: stored.weights[1] },
          ],
        },
      ],
    },
  });
  const call: KubectlCall = async (args) => {
    calls.push([...args]);
    if (args[2] !== 'shop') throw new ApiError('E_TOOL', 'not found', { status: 404 });
    if (args[0] === 'get') return JSON.stringify(object());
    const patch = JSON.parse(args[args.indexOf('--patch') + 1] ?? '[]') as {
      op: string;
      path: string;
      value?: unknown;
    }[];
    if (toLose > 0) {
      toLose -= 1;
      stored.resourceVersion += 1;
    }
    for (const { op, path, value } of patch) {
      if (op === 'test' && value !== String(stored.resourceVersion))
        throw new ApiError('E_CONFLICT', 'the version differs', { status: 422 });
      if (path.endsWith('/route/0/weight')) stored.weights[0] = value as number;
      if (path.endsWith('/route/1/weight')) {
        stored.weights[1] = value as number;
        stored.managers.push('gated-delivery');
      }
      if (op === 'remove') stored.managers.splice(Number(path.split('/').at(-1)), 1);
    }
    stored.resourceVersion += 1;
    return '';
  };
  return { call, stored, calls };
}

describe('makeRouter', () => {
  it('sets the weights, reads them back, and leaves the fields to their release', async () => {
    const { call, stored, calls } = server();
    const router = makeRouter(parseRouter('prod/virtualservice/shop'), call);
    expect(await router.read()).toBe(0);
    expect(await router.set(25)).toBe(25);
    expect(stored).toMatchObject({ weights: [75, 25], managers: ['helm'] });
    expect(calls.every((args) => args.join(' ').includes('--namespace prod'))).toBe(true);
  });

  it('repeats a write that lost its race against another writer', async () => {
    const { call, stored } = server(2);
    expect(await makeRouter(parseRouter('virtualservice/shop'), call).set(5)).toBe(5);
    expect(stored.weights).toEqual([95, 5]);
  });

  it('gives up after a few lost races', async () => {
    const { call } = server(100);
    await expect(makeRouter(parseRouter('virtualservice/shop'), call).set(5)).rejects.toThrow('differs');
  });

  it('refuses what is not there, and what does not split between the named arms', async () => {
    const { call } = server();
    for (const text of ['virtualservice/other', 'virtualservice/shop#canary=blue'])
      await expect(makeRouter(parseRouter(text), call).read()).rejects.toBeInstanceOf(UserError);
  });
});
