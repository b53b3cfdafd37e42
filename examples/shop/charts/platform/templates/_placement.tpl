{{- /*
Where pods go: their pool of nodes, apart from each other, spread over zones.
Call with a dict: values (nodePool, antiAffinity) and labels (of the pods that keep apart).
The same file serves every chart of the shop.
*/}}
{{- define "placement" -}}
{{- $pool := .values.nodePool -}}
{{- $apart := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" .labels) -}}
affinity:
  nodeAffinity:
    {{- if $pool.required }}
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - {key: pool, operator: In, values: [{{ $pool.name }}]}
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        preference:
          matchExpressions:
            - {key: pool, operator: In, values: [{{ $pool.name }}]}
    {{- end }}
  podAntiAffinity:
    {{- if eq .values.antiAffinity "hard" }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - {{- toYaml $apart | nindent 8 }}
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 50
        podAffinityTerm: {{- toYaml $apart | nindent 10 }}
    {{- end }}
tolerations:
  - {key: pool, operator: Equal, value: {{ $pool.name }}, effect: NoSchedule}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- toYaml .labels | nindent 8 }}
{{- end }}
