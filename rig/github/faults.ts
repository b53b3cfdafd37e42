/** What goes wrong, as GitHub would answer it. */
export type Fault =
  | { readonly kind: 'rate-limit'; readonly resetSeconds: number }
  | { readonly kind: 'secondary-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503 }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'wrong-shape'; readonly body: unknown }
  /** The connection ends without an answer, before anything was done. */
  | { readonly kind: 'hang-up' }
  /** The request is carried out, but a proxy answers 502 in its place. */
  | { readonly kind: 'lost-answer' }
  | { readonly kind: 'revoked-token' };

export interface FaultRule {
  /** Operation id, e.g. `checks/create`; every operation when left out. */
  readonly operation?: string;
  /** How many requests meet it; every one when left out. */
  readonly times?: number;
  /** How many matching requests pass before. */
  readonly after?: number;
  readonly fault: Fault;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault the next request of this operation meets. */
  next(operation: string): Fault | undefined;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; seen: number }[] = [];
  return {
    add: (rule) => {
      rules.push({ rule, seen: 0 });
    },
    clear: () => {
      rules = [];
    },
    next(operation) {
      for (const entry of rules) {
        const { rule } = entry;
        if (rule.operation !== undefined && rule.operation !== operation) continue;
        const after = rule.after ?? 0;
        if (entry.seen >= after + (rule.times ?? Infinity)) continue;
        entry.seen += 1;
        if (entry.seen > after) return rule.fault;
      }
      return undefined;
    },
  };
}
