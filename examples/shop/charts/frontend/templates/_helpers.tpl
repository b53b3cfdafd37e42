{{- /* Labels of every object. */}}
{{- define "frontend.labels" -}}
app.kubernetes.io/name: shop-frontend
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: shop
{{- end }}

{{- define "frontend.version" -}}{{ .Values.version | default .Values.image.tag | default "unreleased" }}{{- end }}

{{- define "frontend.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (include "frontend.version" .) }}
{{- end -}}
{{- end }}

{{- /* What runs, as YAML {version, image, settings}: this release, or, beside a canary, what ran before. */}}
{{- define "frontend.stable" -}}
{{- $version := include "frontend.version" . -}}
{{- $image := include "frontend.image" . -}}
{{- $settings := .Values.config -}}
{{- if .Values.canary.enabled -}}
  {{- $deployment := lookup "apps/v1" "Deployment" .Release.Namespace "shop-frontend" -}}
  {{- with $deployment -}}
    {{- $version = dig "spec" "template" "metadata" "labels" "version" $version $deployment -}}
    {{- $image = (first .spec.template.spec.containers).image -}}
  {{- end -}}
  {{- with lookup "v1" "ConfigMap" .Release.Namespace "shop-frontend" -}}
    {{- $settings = .data -}}
  {{- end -}}
  {{- with .Values.stable.version -}}{{- $version = . -}}{{- end -}}
  {{- with .Values.stable.image -}}{{- $image = . -}}{{- end -}}
  {{- with .Values.stable.settings -}}{{- $settings = . -}}{{- end -}}
{{- end -}}
{{- dict "version" $version "image" $image "settings" $settings | toYaml -}}
{{- end }}
