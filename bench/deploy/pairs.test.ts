import { expect, it } from '@jest/globals';
import { pairs } from './pairs.ts';

it('takes both ways by turns, and leaves out the round that installs', async () => {
  const order: string[] = [];
  const way = (name: string, ms: number) => async (version: string) => {
    order.push(`${name} ${version}`);
    return { ms: ms * Number(version), processorMs: 1 };
  };
  const measured = await pairs(2, { bare: way('bare', 1), action: way('action', 10) });
  expect(order).toEqual(['bare 1', 'action 1', 'action 2', 'bare 2', 'bare 3', 'action 3']);
  expect(measured).toEqual([
    { bare: { ms: 2, processorMs: 1 }, action: { ms: 20, processorMs: 1 } },
    { bare: { ms: 3, processorMs: 1 }, action: { ms: 30, processorMs: 1 } },
  ]);
});
