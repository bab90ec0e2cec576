{{- define "meshaudit.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "meshaudit.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "meshaudit.small" -}}
requests:
  cpu: 50m
  memory: 64Mi
limits:
  memory: 256Mi
{{- end }}

{{- define "meshaudit.account" -}}
- name: reports
  mountPath: /reports
- name: account
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end }}

{{- define "meshaudit.audit" -}}
- name: audit
  image: {{ include "meshaudit.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args:
    - audit
    - --cluster
    - --no-progress
    # Findings are in the reports; the job fails only when the audit cannot be trusted.
    - --fail-on=never
    - --format=table
    - --output=-
    - --format=policyreport
    - --output=/reports/policyreport.json
    - --format=metrics
    - --output=/reports/meshaudit.prom
    {{- if .Values.config }}
    - --config=/config/meshaudit.yaml
    {{- end }}
    {{- range .Values.extraArgs }}
    - {{ . | quote }}
    {{- end }}
  env:
    - name: NODE_OPTIONS
      value: --max-old-space-size={{ .Values.maxOldSpaceSize }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    {{- include "meshaudit.restricted" . | nindent 4 }}
  volumeMounts:
    {{- include "meshaudit.account" . | nindent 4 }}
    {{- if .Values.config }}
    - name: config
      mountPath: /config
      readOnly: true
    {{- end }}
{{- end }}

{{- define "meshaudit.clear" -}}
- name: clear
  image: {{ .Values.reports.kubectl.image | quote }}
  command: [kubectl]
  args:
    - delete
    - policyreports.wgpolicyk8s.io,clusterpolicyreports.wgpolicyk8s.io
    - --all-namespaces
    - --selector=app.kubernetes.io/managed-by=meshaudit
    - --cache-dir=/reports/cache
  resources:
    {{- include "meshaudit.small" . | nindent 4 }}
  securityContext:
    {{- include "meshaudit.restricted" . | nindent 4 }}
  volumeMounts:
    {{- include "meshaudit.account" . | nindent 4 }}
{{- end }}

{{- define "meshaudit.publish" -}}
- name: publish
  image: {{ .Values.reports.kubectl.image | quote }}
  command: [kubectl]
  args:
    - apply
    - --server-side
    - --force-conflicts
    - --field-manager=meshaudit
    - --filename=/reports/policyreport.json
    - --cache-dir=/reports/cache
  resources:
    {{- include "meshaudit.small" . | nindent 4 }}
  securityContext:
    {{- include "meshaudit.restricted" . | nindent 4 }}
  volumeMounts:
    {{- include "meshaudit.account" . | nindent 4 }}
{{- end }}

{{- define "meshaudit.push" -}}
- name: push-metrics
  image: {{ include "meshaudit.image" . | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [node, -e]
  args:
    - >-
      const body = require('node:fs').readFileSync('/reports/meshaudit.prom');
      fetch(process.env.PUSHGATEWAY + '/metrics/job/meshaudit', { method: 'PUT', body }).then((answer) => {
      if (!answer.ok) throw new Error('the Pushgateway answers ' + answer.status); });
  env:
    - name: PUSHGATEWAY
      value: {{ .Values.metrics.pushgateway | quote }}
  resources:
    {{- include "meshaudit.small" . | nindent 4 }}
  securityContext:
    {{- include "meshaudit.restricted" . | nindent 4 }}
  volumeMounts:
    - name: reports
      mountPath: /reports
      readOnly: true
{{- end }}
