import { UserError } from '../action/errors.ts';
import { isStatus, isTransient } from '../kubernetes/kubectl-error.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { emptyLedger, parseLedger, serializeLedger } from './ledger-format.ts';
import { ledgerKey, ledgerName, type Ledger, type LedgerSnapshot, type LedgerStore } from './ledger.ts';

const attempts = 12;

/** The ledger in the namespace's ConfigMap, each write with the version that was read as its precondition. */
export function configMapLedger(kubernetes: KubernetesPort): LedgerStore {
  /** What was seen last, for the next write: its version is the precondition, so an old one is harmless. */
  const seen = new Map<string, LedgerSnapshot>();
  const read = async (namespace: string, environment: string): Promise<LedgerSnapshot> => {
    const found = await kubernetes.get({ resource: 'configmaps', name: ledgerName, namespace });
    if (found === undefined) {
      return { ledger: emptyLedger(namespace, environment), resourceVersion: undefined };
    }
    const content = (found.data as Record<string, string> | undefined)?.[ledgerKey] ?? '';
    return {
      ledger: parseLedger(content, namespace),
      resourceVersion: found.metadata.resourceVersion ?? '',
    };
  };

  return {
    read: async (namespace, environment) => {
      const snapshot = await read(namespace, environment);
      seen.set(namespace, snapshot);
      return snapshot;
    },
    update: async (namespace, environment, change) => {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const known = seen.get(namespace);
        seen.delete(namespace);
        const { ledger, resourceVersion } = known ?? (await read(namespace, environment));
        const next = change(ledger);
        if (resourceVersion !== undefined && JSON.stringify(next) === JSON.stringify(ledger)) {
          // What is known may be old: only the cluster can say that nothing is to be seen.
          if (known === undefined) return next;
          continue;
        }
        try {
          const object = configMap(namespace, next, resourceVersion);
          const { metadata } = await (resourceVersion === undefined
            ? kubernetes.create(object)
            : kubernetes.replace(object));
          seen.set(namespace, { ledger: next, resourceVersion: metadata.resourceVersion ?? '' });
          return next;
        } catch (error) {
          // 409: someone wrote in between. No answer: it may have been written; reading again tells.
          if (!isStatus(error, 409) && !isTransient(error)) throw error;
        }
      }
      throw new UserError(
        'E_CONFLICT',
        `the ledger of ${namespace} kept changing under ${attempts} attempts to write it`,
        'look for another controller that writes this ConfigMap, and run again',
      );
    },
  };
}

function configMap(namespace: string, ledger: Ledger, resourceVersion: string | undefined): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: ledgerName,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'gated-delivery' },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: { [ledgerKey]: serializeLedger(ledger) },
  };
}
