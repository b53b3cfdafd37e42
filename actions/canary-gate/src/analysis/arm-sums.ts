import type { Arm } from './arms.ts';
import type { ArmTotals } from './report.ts';

export function add(a: ArmTotals, b: ArmTotals): ArmTotals {
  return { events: a.events + b.events, total: a.total + b.total };
}

export function sumOf(pods: readonly (ArmTotals & { readonly arm: Arm })[], arm: Arm): ArmTotals {
  let events = 0;
  let total = 0;
  for (const one of pods) {
    if (one.arm !== arm) continue;
    events += one.events;
    total += one.total;
  }
  return { events, total };
}
