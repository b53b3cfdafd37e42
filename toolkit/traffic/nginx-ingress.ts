import { pointer } from './json-patch.ts';
import { SplitError, type SplitFormat } from './traffic-object.ts';
import { wholeWeights } from './weights.ts';

const prefix = 'nginx.ingress.kubernetes.io';

/**
 * The canary Ingress of ingress-nginx: its `canary-weight` of `canary-weight-total`.
 * https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary
 */
export const nginxIngress: SplitFormat = {
  resource: 'ingresses.networking.k8s.io',
  read: ({ metadata: { annotations = {} } }) => {
    if (annotations[`${prefix}/canary`] !== 'true')
      throw new SplitError(`the Ingress is not a canary: it lacks the annotation ${prefix}/canary: "true"`);
    const total = Number(annotations[`${prefix}/canary-weight-total`] ?? 100);
    return (100 * Number(annotations[`${prefix}/canary-weight`] ?? 0)) / total;
  },
  patch: (object, percent) => {
    nginxIngress.read(object);
    const { stable, canary } = wholeWeights(percent);
    const annotation = (name: string): string => pointer('metadata', 'annotations', `${prefix}/${name}`);
    return [
      { op: 'add', path: annotation('canary-weight'), value: String(canary) },
      { op: 'add', path: annotation('canary-weight-total'), value: String(stable + canary) },
    ];
  },
};
