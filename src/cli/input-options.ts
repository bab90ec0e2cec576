import { Option } from 'commander';
import { clusterOptions } from './cluster-flags.js';
import { addValue, parseIstioVersion, parseScope } from './option-values.js';
import { templateOptions } from './template-flags.js';

/** `--istio-version`: what counts where the input shows no version. */
export function istioVersionOption(): Option {
  return new Option(
    '--istio-version <version>',
    "Istio's version where the input shows none (default: the newest known)",
  ).argParser(parseIstioVersion);
}

/** The options that say how input is read. */
export function inputOptions(): readonly Option[] {
  return [
    new Option(
      '--scope <scope>',
      'complete: what is not in the input does not exist; partial: it may live elsewhere; auto (default: auto)',
    ).argParser(parseScope),
    new Option(
      '--also <path>',
      'resources that complete the mesh but are not reported on; repeatable',
    ).argParser(addValue),
    new Option('--stored', 'take every object as one the API server has let in'),
    istioVersionOption(),
    ...templateOptions(),
    ...clusterOptions(),
  ];
}
