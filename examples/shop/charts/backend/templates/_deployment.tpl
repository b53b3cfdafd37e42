{{- /*
One track of the backend. Call with a dict: root, name, track, replicas (nil leaves them to the autoscaler),
and held {version, image, settings}.
*/}}
{{- define "backend.deployment" -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "backend.labels" $root | nindent 4 }}
    app: shop-backend
    track: {{ .track }}
spec:
  {{- if not (kindIs "invalid" .replicas) }}
  replicas: {{ .replicas }}
  {{- end }}
  revisionHistoryLimit: 10
  progressDeadlineSeconds: 120
  selector:
    matchLabels:
      app: shop-backend
      track: {{ .track }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "backend.labels" $root | nindent 8 }}
        app: shop-backend
        track: {{ .track }}
        version: {{ .held.version | quote }}
      annotations:
        prometheus.io/scrape: 'true'
        prometheus.io/port: '3000'
        prometheus.io/path: /metrics
        checksum/settings: {{ .held.settings | toYaml | sha256sum }}
        {{- with $root.Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: shop-backend
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: backend
          image: {{ .held.image | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: 3000
          env:
            - name: HOST
              valueFrom:
                fieldRef:
                  fieldPath: status.podIP
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: PORT
              value: '3000'
            - name: SHOP_VERSION
              value: {{ .held.version | quote }}
            - name: SHOP_TRACK
              value: {{ .track }}
            - name: DRAIN_MS
              value: {{ $root.Values.drainMs | quote }}
          envFrom:
            - configMapRef:
                name: {{ .name }}
            - secretRef:
                name: {{ $root.Values.secret.name }}
                # Without credentials the payment client stays in its sandbox.
                optional: true
          startupProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 1
            failureThreshold: 30
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 2
            failureThreshold: 2
          livenessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 10
            failureThreshold: 3
          resources:
            {{- toYaml $root.Values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 32Mi
      {{- include "placement" (dict "values" $root.Values "labels" (dict "app" "shop-backend" "track" .track)) | nindent 6 }}
{{- end }}
