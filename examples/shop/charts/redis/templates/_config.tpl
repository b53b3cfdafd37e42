{{- define "redis.config" -}}
{{- $pods := int (mul .Values.shards (add 1 .Values.replicasPerShard)) -}}
{{- $domain := printf "shop-redis.%s.svc.cluster.local" .Release.Namespace -}}
redis.conf: |
  port 6379
  dir /data
  appendonly yes
  maxmemory {{ .Values.maxMemory }}
  maxmemory-policy allkeys-lru
  cluster-enabled yes
  cluster-config-file nodes.conf
  cluster-node-timeout 5000
  cluster-preferred-endpoint-type hostname
start.sh: |
  # The password comes by environment and is given on stdin: it is in no argument list.
  set -eu
  name="$POD_NAME.{{ $domain }}"
  case "$POD_NAME" in *-0) sh /etc/shop-redis/form.sh & ;; esac
  { cat /etc/shop-redis/redis.conf
    printf 'cluster-announce-hostname %s\nrequirepass %s\nmasterauth %s\n' "$name" "$REDISCLI_AUTH" "$REDISCLI_AUTH"
  } | exec redis-server -
form.sh: |
  # Beside the first pod: forms the cluster once, when every pod answers.
  set -eu
  nodes='
  {{- range $index := until $pods }} shop-redis-{{ $index }}.{{ $domain }}{{ end }}'
  for node in $nodes; do
    until redis-cli -h "$node" ping >/dev/null 2>&1; do sleep 2; done
  done
  redis-cli cluster info | grep -q cluster_state:ok && exit 0
  addresses=''
  for node in $nodes; do addresses="$addresses $(getent hosts "$node" | cut -d' ' -f1):6379"; done
  redis-cli --cluster create $addresses --cluster-replicas {{ .Values.replicasPerShard }} --cluster-yes
{{- end }}
