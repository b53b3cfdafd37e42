import { assertNever } from '../action/errors.ts';
import type { KubectlCall } from '../kubernetes/kubectl-call.ts';
import { httpRoute } from './http-route.ts';
import { getObject, patchObject, refusing } from './kubectl-split.ts';
import { nginxIngress } from './nginx-ingress.ts';
import { replicaRouter } from './replicas.ts';
import type { RouterReference } from './router-reference.ts';
import type { TrafficRouter } from './router.ts';
import type { SplitFormat } from './traffic-object.ts';
import { virtualService } from './virtual-service.ts';

/** The router that the reference names. Nothing is asked of the cluster before `read` or `set`. */
export function makeRouter(reference: RouterReference, call: KubectlCall): TrafficRouter {
  const { kind, namespace, name } = reference;
  switch (kind) {
    case 'virtualservice':
      return splitRouter(
        reference,
        call,
        virtualService({ stable: reference.stable ?? 'stable', canary: reference.canary ?? 'canary' }),
      );
    case 'httproute':
      return splitRouter(
        reference,
        call,
        httpRoute({ stable: reference.stable ?? name, canary: reference.canary ?? `${name}-canary` }),
      );
    case 'ingress':
      return splitRouter(reference, call, nginxIngress);
    case 'deployment': {
      const deployment = (own: string) => ({ resource: 'deployments.apps', namespace, name: own });
      const stable = reference.stable ?? name.replace(/-canary$/, '');
      const canary = reference.canary ?? (name.endsWith('-canary') ? name : `${name}-canary`);
      return replicaRouter(call, deployment(canary), deployment(stable));
    }
    default:
      return assertNever(kind);
  }
}

function splitRouter(
  { kind, namespace, name }: RouterReference,
  call: KubectlCall,
  format: SplitFormat,
): TrafficRouter {
  const reference = { resource: format.resource, namespace, name };
  return {
    name: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    read: async () => {
      const object = await getObject(call, reference);
      return refusing(reference, () => format.read(object));
    },
    set: async (percent) => {
      const after = await patchObject(call, reference, (object) =>
        refusing(reference, () => format.patch(object, percent)),
      );
      return format.read(after);
    },
  };
}
