{{- /* The pod of a member, up to and including its mongod container: data members add a second one. */}}
{{- define "mongodb.pod" -}}
serviceAccountName: shop-mongodb
automountServiceAccountToken: false
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
securityContext: {{- include "mongodb.podSecurity" . | nindent 2 }}
volumes:
  - name: config
    configMap: {name: shop-mongodb}
  - name: key
    secret:
      secretName: {{ .Values.secret.name }}
      items: [{key: replica-set-key, path: key}]
  - name: own-key
    emptyDir: {medium: Memory, sizeLimit: 1Mi}
  - name: tmp
    emptyDir: {sizeLimit: 64Mi}
initContainers:
  # mongod refuses a key that its group can read, which is how a Secret is mounted for a user that is not root.
  - name: key
    image: {{ include "mongodb.image" . }}
    command: [install, -m, '0400', /key/key, /own-key/key]
    resources: {{- toYaml .Values.helperResources | nindent 6 }}
    securityContext: {{- include "mongodb.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - {name: key, mountPath: /key, readOnly: true}
      - {name: own-key, mountPath: /own-key}
containers:
  - name: mongod
    image: {{ include "mongodb.image" . }}
    command: [mongod, --config, /etc/shop-mongodb/mongod.conf]
    ports:
      - {name: mongodb, containerPort: 27017}
    env:
      - {name: HOME, value: /tmp}
    startupProbe:
      exec: {command: [mongosh, --quiet, --eval, 'db.adminCommand({ping: 1}).ok']}
      periodSeconds: 5
      timeoutSeconds: 5
      failureThreshold: 24
    readinessProbe:
      exec: {command: [mongosh, --quiet, --eval, 'quit(db.hello().ok ? 0 : 1)']}
      periodSeconds: 10
      timeoutSeconds: 5
    livenessProbe:
      tcpSocket: {port: mongodb}
      periodSeconds: 20
    resources: {{- toYaml .Values.resources | nindent 6 }}
    securityContext: {{- include "mongodb.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - {name: data, mountPath: /data/db}
      - {name: config, mountPath: /etc/shop-mongodb}
      - {name: own-key, mountPath: /own-key, readOnly: true}
      - {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "mongodb.config" -}}
mongod.conf: |
  storage:
    dbPath: /data/db
  net:
    port: 27017
    bindIpAll: true
    unixDomainSocket: {enabled: false}
  replication:
    replSetName: {{ .Values.replicaSet }}
  security:
    keyFile: /own-key/key
setup.js: |
  // Beside each member; only the first acts, and only on a set that does not exist yet. Through localhost,
  // because that is where MongoDB allows the first user to be made.
  const member = (name, index, more) =>
    Object.assign({ _id: index, host: `${name}.shop-mongodb.{{ .Release.Namespace }}.svc.cluster.local:27017` }, more);
  const members = [
    {{- range $index := until (int .Values.members) }}
    member('shop-mongodb-{{ $index }}', {{ $index }}, {}),
    {{- end }}
    {{- if .Values.arbiter }}
    member('shop-mongodb-arbiter-0', {{ .Values.members }}, { arbiterOnly: true }),
    {{- end }}
  ];

  function setUp() {
    const admin = new Mongo('mongodb://127.0.0.1:27017/?directConnection=true').getDB('admin');
    if (!admin.hello().setName) admin.runCommand({ replSetInitiate: { _id: '{{ .Values.replicaSet }}', members } });
    if (!admin.hello().isWritablePrimary) return false;
    const made = admin.runCommand({ createUser: 'root', pwd: process.env.ROOT_PASSWORD, roles: ['root'] });
    return made.ok === 1 || made.codeName === 'Unauthorized';
  }

  let done = process.env.POD_NAME !== 'shop-mongodb-0';
  for (;;) {
    try {
      done = done || setUp();
    } catch (error) {
      print(`waiting: ${error.message}`);
    }
    sleep(done ? 3600000 : 3000);
  }
{{- end }}
