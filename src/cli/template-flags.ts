import { Option } from 'commander';
import { addValue } from './option-values.js';

/** Options that say which kustomizations and charts to render, and how. */
export interface TemplateFlags {
  readonly kustomize?: readonly string[];
  readonly helm?: readonly string[];
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly release?: string;
  readonly releaseNamespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

/** The options of every command that can render manifests. */
export function templateOptions(): readonly Option[] {
  return [
    new Option(
      '--kustomize <dir>',
      'render a kustomization with your kustomize or kubectl, e.g. overlays/prod; repeatable',
    ).argParser(addValue),
    new Option(
      '--helm <chart>',
      'render a chart with your helm, e.g. charts/shop --values prod.yaml; repeatable',
    ).argParser(addValue),
    new Option('--values <file>', 'values for --helm, e.g. prod.yaml; repeatable').argParser(addValue),
    new Option('--set <name=value>', 'a value for --helm, e.g. image.tag=1.2; repeatable').argParser(
      addValue,
    ),
    new Option('--release <name>', 'release name for --helm (default: release-name)'),
    new Option('--release-namespace <name>', 'namespace for --helm, e.g. shop (default: default)'),
    new Option('--kube-version <version>', 'Kubernetes version for --helm, e.g. 1.33'),
    new Option(
      '--api-versions <group/version>',
      'an API that --helm may count on, e.g. networking.istio.io/v1; repeatable',
    ).argParser(addValue),
  ];
}

/** True when something is to be rendered. */
export function wantsTemplates({ kustomize = [], helm = [] }: TemplateFlags): boolean {
  return kustomize.length > 0 || helm.length > 0;
}
