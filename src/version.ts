// Generated from package.json by scripts/generate/version.mjs; do not edit.

/** Version of this package. */
export const version = '0.1.0';

/** Where people find the project; undefined while package.json names no homepage. */
export const homepage: string | undefined = undefined;
