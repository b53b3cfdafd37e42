{{- /* Labels of every object. */}}
{{- define "backend.labels" -}}
app.kubernetes.io/name: shop-backend
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: shop
{{- end }}

{{- define "backend.version" -}}{{ .Values.version | default .Values.image.tag | default "unreleased" }}{{- end }}

{{- define "backend.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (include "backend.version" .) }}
{{- end -}}
{{- end }}

{{- /* Everything the process of this release is told: what the environment says, and what the release does. */}}
{{- define "backend.settings" -}}
{{- with .Values.config }}{{ toYaml . }}{{ "\n" }}{{ end -}}
PAYMENTS_FAILURE_RATE: {{ .Values.payments.failureRate | quote }}
PAYMENTS_ATTEMPTS: {{ .Values.payments.attempts | quote }}
FAULT_ERROR_RATE: {{ .Values.faults.errorRate | quote }}
FAULT_LATENCY_MS: {{ .Values.faults.latencyMs | quote }}
FAULT_LEAK_BYTES_PER_REQUEST: {{ .Values.faults.leakBytesPerRequest | int64 | quote }}
FAULT_LEAK_MIB_PER_MINUTE: {{ .Values.faults.leakMiBPerMinute | quote }}
FAULT_CRASH_AFTER_SECONDS: {{ .Values.faults.crashAfterSeconds | quote }}
{{- end }}

{{- /*
The stable track as YAML {version, image, settings}: what this release says, unless there is a canary.
Then stable is held: as .Values.stable says, else as it runs now. A render without a cluster sees no
running Deployment and shows the new version for both.
*/}}
{{- define "backend.stable" -}}
{{- $version := include "backend.version" . -}}
{{- $image := include "backend.image" . -}}
{{- $settings := include "backend.settings" . | fromYaml -}}
{{- if .Values.canary.enabled -}}
  {{- $deployment := lookup "apps/v1" "Deployment" .Release.Namespace "shop-backend" -}}
  {{- with $deployment -}}
    {{- $version = dig "spec" "template" "metadata" "labels" "version" $version $deployment -}}
    {{- $image = (first .spec.template.spec.containers).image -}}
  {{- end -}}
  {{- with lookup "v1" "ConfigMap" .Release.Namespace "shop-backend" -}}
    {{- $settings = .data -}}
  {{- end -}}
  {{- with .Values.stable.version -}}{{- $version = . -}}{{- end -}}
  {{- with .Values.stable.image -}}{{- $image = . -}}{{- end -}}
  {{- with .Values.stable.settings -}}{{- $settings = . -}}{{- end -}}
{{- end -}}
{{- dict "version" $version "image" $image "settings" $settings | toYaml -}}
{{- end }}
