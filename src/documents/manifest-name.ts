/** True for the names that are read in a directory or archive: YAML, JSON and kustomize's file without extension. */
export function isManifestName(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name) || name === 'Kustomization';
}

/**
 * True for a path, `/` as separator, that is read in a directory or archive: by its name, or as one of the files without
 * extension in which `istioctl bug-report` keeps objects (istio: tools/bug-report/pkg/content/content.go).
 */
export function isManifestPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    isManifestName(name) || /(?:^|\/)cluster\/(?:k8s-resources|k8s-cluster-resources|crs|pods)$/.test(path)
  );
}
