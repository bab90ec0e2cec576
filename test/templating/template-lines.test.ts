import { describe, expect, it } from 'vitest';
import { takeOrigins } from '#templating/kustomize-origins.js';
import { templatePlace } from '#templating/template-lines.js';

const template = `{{- range .Values.services }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- toYaml $.Values.labels | nindent 4 }}
spec:
  ports:
    - name: http
      port: {{ .port }}
    - name: admin
      port: {{ $.Values.admin }}
  "quoted": {{ . }}
{{- end }}`.split('\n');

const rendered = `---
# Source: shop/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: cart
  labels:
    team: blue
spec:
  ports:
    - name: http
      port: 80
    - name: admin
      port: 81
  "quoted": x
---
# Source: shop/templates/other.yaml
other:
  nested: 1`.split('\n');

describe('lines of templates', () => {
  it.each([
    ['the same text', 4, 'kind: Service'],
    ['the same key', 6, '  name: {{ .name }}'],
    ['what it stands below, where a helper wrote it', 8, '  labels:'],
    ['of several alike the one with the same neighbours', 12, '      port: {{ .port }}'],
    ['and the other', 14, '      port: {{ $.Values.admin }}'],
    ['a quoted key', 15, '  "quoted": {{ . }}'],
    ['nothing alike', 19, '{{- range .Values.services }}'],
  ])('%s', (_what, line, expected) => {
    const place = templatePlace(template, rendered, line);
    expect(template[place.line - 1]).toBe(expected);
    expect(place.column).toBe(expected.length - expected.trimStart().length + 1);
  });
});

describe('origins that kustomize tells', () => {
  it('are taken out again, with the mapping that only they made', () => {
    const text = `apiVersion: v1
kind: Service
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: base/a.yaml
  name: a
---
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: x.yaml
      repo: https://example.com/repo
      ref: main
    kept: 'yes'
  name: b
---
metadata:
  annotations:
    config.kubernetes.io/origin: |
      configuredBy:
        kind: ConfigMapGenerator
      configuredIn: kustomization.yaml
  name: c
`;
    expect(takeOrigins(text)).toEqual({
      text: "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n---\nmetadata:\n  annotations:\n    kept: 'yes'\n  name: b\n---\nmetadata:\n  name: c\n",
      origins: [{ path: 'base/a.yaml' }, undefined, { configuredIn: 'kustomization.yaml' }],
    });
  });
});
