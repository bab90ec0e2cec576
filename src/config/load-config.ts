import path from 'node:path';
import { compile, requireValid } from './validate.js';
import configSchema from './generated/config-schema.js';
import type { Config } from './generated/config-types.js';
import { readWaiverFile, toWaivers, type LocatedWaiver } from './waivers.js';
import { readYamlFile } from './read-yaml-file.js';

/** A config file, read: paths in it are relative to `folder`. */
export interface LoadedConfig {
  /** As messages name it. */
  readonly file: string;
  /** Absolute. */
  readonly folder: string;
  readonly config: Config;
  /** Those in the file and in the files that it names. */
  readonly waivers: readonly LocatedWaiver[];
}

/**
 * Reads a config and the waiver files that it names.
 *
 * @param file Absolute path.
 * @throws ConfigError when one of them cannot be read or says what no config can say.
 */
export async function loadConfig(file: string, cwd: string): Promise<LoadedConfig> {
  const shown = shownPath(file, cwd);
  const read = await readYamlFile(file, shown);
  const folder = path.dirname(file);
  if (read.value === null) return { file: shown, folder, config: {}, waivers: [] };
  const config = requireValid(read, compile<Config>(configSchema), shown);
  const others = await Promise.all(
    (config.waiverFiles ?? []).map((name) => {
      const waiverFile = path.resolve(folder, name);
      return readWaiverFile(waiverFile, shownPath(waiverFile, cwd));
    }),
  );
  return {
    file: shown,
    folder,
    config,
    waivers: [...toWaivers(config.waivers ?? [], read, shown), ...others.flat()],
  };
}

/** A path as people see it from the working directory. */
function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return (relative === '' ? file : relative).replaceAll(path.sep, '/');
}
