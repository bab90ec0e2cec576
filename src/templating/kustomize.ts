import { writeFile } from 'node:fs/promises';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { TextSource } from '#documents/read-source.js';
import { temporaryFolder } from '#temporary-folder.js';
import { findOnPath } from './find-tool.js';
import type { Place } from './helm.js';
import { runTool, TemplatingError, type Tool } from './run-tool.js';
import { takeOrigins, type BuildText } from './kustomize-origins.js';
import { toKustomizeSources } from './kustomize-sources.js';

/**
 * Renders a kustomization with the user's own tool: MESHAUDIT_KUSTOMIZE, else `kustomize` or `kubectl` on the PATH.
 * Findings in the text point at the overlay's or base's file that an object or a patched field comes from.
 *
 * @throws TemplatingError when there is no tool or it fails.
 */
export async function renderKustomize(directory: string, place: Place): Promise<TextSource> {
  const tool = kustomizeTool(place.env);
  const folder = path.resolve(place.cwd, directory);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new TemplatingError(`--kustomize: there is no directory ${directory}`);
  const title = `${path.basename(tool.command)} ${tool.args.join(' ')} ${directory}`;
  const build = (target: string): Promise<string> =>
    runTool({ ...tool, args: [...tool.args, target] }, { ...place, title });
  const told = await buildWithOrigins(folder, build);
  const { text, origins } = told ?? { text: await build(folder), origins: [] };
  return {
    path: `kustomize:${directory.split(path.sep).join('/').replace(/\/+$/, '') || '.'}/rendered.yaml`,
    text,
    relocate: await toKustomizeSources({ folder, built: told?.built ?? folder, origins }, place.cwd),
  };
}

function kustomizeTool(env: Place['env']): Tool {
  const named = env['MESHAUDIT_KUSTOMIZE'];
  const found =
    named !== undefined && named !== ''
      ? { name: path.basename(named), file: named }
      : findOnPath(['kustomize', 'kubectl'], env);
  if (found === undefined) {
    const hint =
      'Install kustomize or kubectl, name one in MESHAUDIT_KUSTOMIZE, or audit what "kustomize build" prints.';
    throw new TemplatingError(
      '--kustomize needs kustomize or kubectl, neither of which is on the PATH',
      hint,
    );
  }
  return { command: found.file, args: [found.name.startsWith('kubectl') ? 'kustomize' : 'build'] };
}

interface Told extends BuildText {
  readonly built: string;
}

/**
 * Builds through a kustomization of our own that adds nothing but the origin of each object; undefined where that does
 * not work, as with versions before 4.5, whose own word on the user's kustomization then counts.
 */
async function buildWithOrigins(
  folder: string,
  build: (target: string) => Promise<string>,
): Promise<Told | undefined> {
  const wrapper = await temporaryFolder('meshaudit-kustomize-');
  try {
    const base = path.relative(wrapper.path, realpathSync(folder)).split(path.sep).join('/');
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [base],
      buildMetadata: ['originAnnotations'],
    };
    await writeFile(path.join(wrapper.path, 'kustomization.yaml'), JSON.stringify(kustomization));
    return { ...takeOrigins(await build(wrapper.path)), built: wrapper.path };
  } catch (error) {
    if (error instanceof TemplatingError) return undefined;
    throw error;
  } finally {
    await wrapper.remove();
  }
}
