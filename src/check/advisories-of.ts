import type { Mesh } from '#mesh/mesh.js';
import { fixedIn, standingAdvisories } from '#policy/installation/known-advisories.js';
import { parseRelease } from '#policy/installation/version.js';
import type { ControlPlaneAdvisories } from './result.js';
import { shownControlPlanes } from './installation-subjects.js';
import { describe } from './subject.js';
import type { CheckContext } from './subject.js';

/** What Istio's security bulletins say of every control plane that the reported resources show. */
export function advisoriesOf(context: CheckContext): readonly ControlPlaneAdvisories[] {
  const { mesh } = context;
  return shownControlPlanes(context).map(({ value: { revision, namespace, resource, version } }) => ({
    environment: mesh.environment,
    revision,
    namespace,
    resource: describe(mesh, resource),
    ...bulletinsOf(mesh, version),
  }));
}

function bulletinsOf(mesh: Mesh, version: string | undefined) {
  const release = version === undefined ? undefined : parseRelease(version);
  const fixed = release && fixedIn(release);
  return {
    version: release === undefined ? undefined : version,
    fixedIn: fixed,
    bulletins: standingAdvisories(mesh, release).map(({ advisory, standing }) => ({ ...advisory, standing })),
  };
}
