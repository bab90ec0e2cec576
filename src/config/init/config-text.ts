/** What a new config says. */
export interface NewConfig {
  readonly paths: readonly string[];
  readonly profile: string;
  /** Environments that the folders tell apart. */
  readonly environments: readonly string[];
  /** False where the input shows no release of Istio. */
  readonly showsRelease: boolean;
}

/** A text as YAML: JSON is. */
const quoted = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

/** One line of a comment, whatever the text holds. */
const inComment = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A config with a comment on each setting that people are likely to want next; valid as it stands. */
export function configText({ paths, profile, environments, showsRelease }: NewConfig): string {
  const found =
    environments.length === 0
      ? 'Where several clusters are made of the same folders, say which trees make up which.'
      : `By the folders there are: ${environments.slice(0, 10).map(inComment).join(', ')}. Where that is wrong, say it here.`;
  const release = showsRelease
    ? "Istio's release, where some environment does not show it."
    : "Nothing here shows Istio's release: without this the newest one known counts.";
  return `# Settings of meshaudit. What the command line says wins. Paths are relative to this file.

# What is audited.
paths:
${paths.map((path) => `  - ${quoted(path)}`).join('\n')}

# Which checks: baseline (what a reviewer would act on) or strict (every one).
profile: ${quoted(profile)}

# complete: what is not here does not exist. partial: it may live elsewhere. auto: complete for the dump of a cluster.
scope: auto

# The least severity that makes the exit code 1.
failOn: low

# ${release}
# istioVersion: "1.29"

# ${found}
# environments:
#   staging: [base, overlays/staging]
#   production: [base, overlays/production]

# What holds the mesh config or namespaces of the cluster, but is not to be reported on.
# also: [../platform/istio]

# Findings on what weighs more than the rest are one step graver.
# sensitive:
#   - namespaces: [payments]
#   - labels: { tier: pci }

# Thresholds and lists of checks: "meshaudit checks <id>" shows what a check has.
# options:
#   GW-003: { minVersion: "1.3" }

# What is accepted for a while.
# waivers:
#   - checks: [MTLS-001]
#     resource: PeerAuthentication shop/legacy
#     reason: The old till speaks plaintext until it is replaced
#     owner: team-till
#     expires: 2027-03-31

# Findings of today that are to be mended later: made by --write-baseline.
# baseline: meshaudit-baseline.json
`;
}
