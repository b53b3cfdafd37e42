import { parseQuantity } from './quantity.ts';
import type { ContainerSpec, Pod } from './pod.ts';

/** Data of the ConfigMaps and Secrets a container names; undefined for one that does not exist. */
export interface References {
  configMap(name: string): Readonly<Record<string, string>> | undefined;
  secret(name: string): Readonly<Record<string, string>> | undefined;
}

export interface PodPlace {
  readonly podIP: string;
  readonly hostIP: string;
}

export type ContainerEnv =
  | { readonly kind: 'env'; readonly env: Readonly<Record<string, string>> }
  /** Something it refers to is missing: Kubernetes waits with CreateContainerConfigError. */
  | { readonly kind: 'missing'; readonly message: string };

/** The container's variables in Kubernetes' order: envFrom first, then env, where `$(NAME)` stands for an earlier one. */
export function containerEnv(
  pod: Pod,
  container: ContainerSpec,
  place: PodPlace,
  references: References,
): ContainerEnv {
  const env: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    if (reference === undefined) continue;
    const kind = configMapRef === undefined ? 'secret' : 'configmap';
    const data = kind === 'secret' ? references.secret(reference.name) : references.configMap(reference.name);
    if (data !== undefined) for (const [key, value] of Object.entries(data)) env[prefix + key] = value;
    else if (reference.optional !== true) return missing(`${kind} "${reference.name}" not found`);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      env[name] = expand(value ?? '', env);
      continue;
    }
    const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
    if (fieldRef !== undefined) env[name] = podField(pod, fieldRef.fieldPath, place);
    else if (resourceFieldRef !== undefined) env[name] = resource(container, resourceFieldRef.resource);
    else {
      const key = configMapKeyRef ?? secretKeyRef;
      if (key === undefined) continue;
      const data =
        configMapKeyRef === undefined ? references.secret(key.name) : references.configMap(key.name);
      const found = data?.[key.key];
      if (found !== undefined) env[name] = found;
      else if (key.optional !== true) {
        const kind = configMapKeyRef === undefined ? 'secret' : 'configmap';
        return missing(
          data === undefined
            ? `${kind} "${key.name}" not found`
            : `couldn't find key ${key.key} in ${kind} ${pod.metadata.namespace ?? ''}/${key.name}`,
        );
      }
    }
  }
  return { kind: 'env', env };
}

/** Replaces `$(NAME)` of known names; `$$(NAME)` is the text `$(NAME)`. */
export function expand(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\$|\(([^()]+)\))/g, (whole, escaped: string, name: string | undefined) =>
    escaped === '$' ? '$' : (known[name ?? ''] ?? whole),
  );
}

function podField(pod: Pod, path: string, place: PodPlace): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) {
    const table = keyed[1] === 'labels' ? metadata.labels : metadata.annotations;
    return table?.[keyed[2] ?? ''] ?? '';
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': place.podIP,
    'status.podIPs': place.podIP,
    'status.hostIP': place.hostIP,
  };
  return fields[path] ?? '';
}

function resource(container: ContainerSpec, name: string): string {
  const quantity = container.resources?.limits?.[name.replace(/^(limits|requests)\./, '')];
  return String(Math.ceil(parseQuantity(quantity ?? '0') ?? 0));
}

function missing(message: string): ContainerEnv {
  return { kind: 'missing', message };
}
