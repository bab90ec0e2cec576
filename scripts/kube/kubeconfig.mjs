/** Text of a kubeconfig for one server and one user; JSON is YAML. */
export function kubeconfig({ url, ca }, user, cluster = {}) {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: url,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
          ...cluster,
        },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    users: [{ name: 'lab', user }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
