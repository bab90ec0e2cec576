import type { Resource } from '#documents/document.js';
import type { Visibility } from '#policy/revision-visibility.js';

/** Whether one control plane reads a configuration object. */
export type Reads = (resource: Resource) => Visibility;
