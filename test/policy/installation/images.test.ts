import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlPlanes } from '#policy/installation/control-planes.js';
import { parseImage } from '#policy/installation/image.js';
import { istioImages } from '#policy/installation/istio-images.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, deployment, namespace, object } from '../manifests.js';

describe('image references (distribution/reference)', () => {
  it.each([
    ['docker.io/istio/pilot:1.30.4', ['docker.io/istio', 'pilot', '1.30.4', undefined]],
    ['pilot', ['', 'pilot', undefined, undefined]],
    ['localhost:5000/pilot', ['localhost:5000', 'pilot', undefined, undefined]],
    ['localhost:5000/istio/pilot:a@sha256:0f', ['localhost:5000/istio', 'pilot', 'a', 'sha256:0f']],
    ['', ['', '', undefined, undefined]],
  ])('%s', (text, expected) => {
    const { hub, name, tag, digest } = parseImage(text);
    expect([hub, name, tag, digest]).toEqual(expected);
  });

  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { hub, name, tag, digest } = parseImage(text);
        const path = text.split('@')[0]?.includes('/') === true ? `${hub}/${name}` : name;
        return (
          text === `${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
        );
      }),
    );
  });
});

const istiod = deployment('istio-system/istiod', {
  labels: { app: 'istiod', istio: 'pilot' },
  spec: { containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.30.4' }] },
});

const operator = object('install.istio.io/v1alpha1/IstioOperator', 'istio-system/mesh', {
  hub: 'docker.io/istio',
  tag: '1.29.7',
  values: { global: { hub: 'registry.example.com/istio' } },
});

describe('control planes', () => {
  it('are what runs, else what an installer is asked for', () => {
    const shown = (objects: Parameters<typeof asText>[0]) =>
      controlPlanes(meshOf(asText(objects))).map(({ resource, version, versionAt }) => [
        resource.kind,
        version,
        versionAt.path.join('.'),
      ]);
    expect(shown([operator])).toEqual([['IstioOperator', '1.29.7', 'spec.tag']]);
    expect(shown([operator, istiod])).toEqual([
      ['Deployment', '1.30.4', 'spec.template.spec.containers.0.image'],
    ]);
  });
});

describe('images of Istio', () => {
  const images = (objects: Parameters<typeof asText>[0]) =>
    istioImages(meshOf(asText(objects))).map(({ part, text }) => `${part} ${text}`);

  it('are those of its containers, of annotations and of installers', () => {
    const web = deployment('shop/web', {
      annotations: { 'sidecar.istio.io/proxyImage': 'example.com/proxyv2:1.28.0' },
      spec: {
        containers: [
          { name: 'istio-proxy', image: 'auto' },
          { name: 'web', image: 'example.com/web:1' },
        ],
      },
    });
    expect(images([namespace('shop'), istiod, web])).toEqual([
      'istiod docker.io/istio/pilot:1.30.4',
      'proxy example.com/proxyv2:1.28.0',
    ]);
    expect(images([operator])).toEqual([
      'installation docker.io/istio:1.29.7',
      'installation registry.example.com/istio',
    ]);
  });

  it('are not told by the name of the container alone', () => {
    const other = deployment('shop/web', {
      spec: { containers: [{ name: 'discovery', image: 'example.com/web:1' }] },
    });
    expect(images([namespace('shop'), other])).toEqual([]);
  });
});
