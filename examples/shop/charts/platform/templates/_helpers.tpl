{{- /* Labels of every object. */}}
{{- define "platform.labels" -}}
app.kubernetes.io/name: shop-platform
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: shop
{{- end }}
