{{- define "rabbitmq.config" -}}
rabbitmq.conf: |
  # Every queue is replicated by consensus unless it asks for something else.
  default_queue_type = quorum
  cluster_partition_handling = pause_minority
  cluster_formation.peer_discovery_backend = classic_config
  {{- range $index := until (int .Values.members) }}
  cluster_formation.classic_config.nodes.{{ add 1 $index }} = rabbit@shop-rabbitmq-{{ $index }}.shop-rabbitmq.{{ $.Release.Namespace }}.svc.cluster.local
  {{- end }}
  vm_memory_high_watermark.relative = 0.6
  disk_free_limit.absolute = 1GB
  loopback_users = none
enabled_plugins: |
  [rabbitmq_prometheus].
{{- end }}
