/** Namespace of the control plane and of the gateway. */
export const istioNamespace = 'istio-system';

/** The label Gateways select the rig's ingress gateway by, as in Istio's own installation. */
const gatewayLabels = { istio: 'ingressgateway', app: 'istio-ingressgateway' };

interface GatewayPlace {
  readonly host: string;
  readonly gatewayPort: number;
}

type Objects = readonly (readonly [collection: string, object: unknown])[];

const inNamespace = (name: string) => ({ metadata: { name, namespace: istioNamespace } });

/** What istiod must find when it starts: its mesh settings. */
export function meshObjects(): Objects {
  return [
    ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: istioNamespace } }],
    [
      `/api/v1/namespaces/${istioNamespace}/configmaps`,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        ...inNamespace('istio'),
        data: { mesh: JSON.stringify({ enableAutoMtls: false }) },
      },
    ],
  ];
}

/** The gateway's place in the mesh; after the custom resource definitions. */
export function gatewayObjects({ host, gatewayPort }: GatewayPlace): Objects {
  const networking = `/apis/networking.istio.io/v1/namespaces/${istioNamespace}`;
  return [
    // A Gateway says port 80; the Service maps it to the port where Envoy may and does listen.
    [
      `/api/v1/namespaces/${istioNamespace}/services`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        ...inNamespace('istio-ingressgateway'),
        spec: {
          selector: gatewayLabels,
          ports: [
            { name: 'http2', port: 80, targetPort: gatewayPort },
            { name: 'http', port: 8080, targetPort: gatewayPort },
          ],
        },
      },
    ],
    [
      `${networking}/workloadentries`,
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'WorkloadEntry',
        ...inNamespace('istio-ingressgateway'),
        spec: { address: host, labels: gatewayLabels },
      },
    ],
    // For HTTPRoutes of all namespaces: `parentRefs: [{name: ingress, namespace: istio-system}]`. Istio accepts the
    // gateway's address only from its own namespace.
    [
      `/apis/gateway.networking.k8s.io/v1/namespaces/${istioNamespace}/gateways`,
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        ...inNamespace('ingress'),
        spec: {
          gatewayClassName: 'istio',
          addresses: [
            { type: 'Hostname', value: `istio-ingressgateway.${istioNamespace}.svc.cluster.local` },
          ],
          listeners: [
            { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
          ],
        },
      },
    ],
    // Listeners are opened on the rig's own address instead of all addresses of the machine.
    [
      `/apis/networking.istio.io/v1alpha3/namespaces/${istioNamespace}/envoyfilters`,
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'EnvoyFilter',
        ...inNamespace('own-address'),
        spec: {
          configPatches: [
            {
              applyTo: 'LISTENER',
              match: { context: 'GATEWAY' },
              patch: { operation: 'MERGE', value: { address: { socketAddress: { address: host } } } },
            },
          ],
        },
      },
    ],
  ];
}

/** Envoy's bootstrap as an ingress gateway that gets everything else from istiod. */
export function envoyBootstrap(place: {
  readonly host: string;
  readonly xdsPort: number;
  readonly adminPort: number;
}): unknown {
  const address = (port: number) => ({ socket_address: { address: place.host, port_value: port } });
  const fromAds = { ads: {}, resource_api_version: 'V3' };
  const http2 = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    node: {
      id: `router~${place.host}~istio-ingressgateway.${istioNamespace}~${istioNamespace}.svc.cluster.local`,
      cluster: 'istio-ingressgateway',
      metadata: {
        NAMESPACE: istioNamespace,
        LABELS: gatewayLabels,
        CLUSTER_ID: 'Kubernetes',
        INSTANCE_IPS: place.host,
      },
    },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
      lds_config: fromAds,
      cds_config: fromAds,
    },
    static_resources: {
      clusters: [
        {
          name: 'xds-grpc',
          type: 'STATIC',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            [http2]: {
              '@type': `type.googleapis.com/${http2}`,
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'xds-grpc',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(place.xdsPort) } }] }],
          },
        },
      ],
    },
    admin: { address: address(place.adminPort) },
  };
}
