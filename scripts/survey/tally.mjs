const nothing = () => ({ pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0, findings: 0, trees: 0 });

/** One row for each check that judged anything: subjects by verdict, findings, and the trees in which it fired. */
export function tallyChecks(audits) {
  const rows = new Map();
  for (const { report } of audits.filter((audit) => audit.report !== undefined)) {
    const fired = new Map();
    for (const { checkId } of report.findings) fired.set(checkId, (fired.get(checkId) ?? 0) + 1);
    for (const { id, title, subjects } of report.checks) {
      const row = rows.get(id) ?? { id, title, ...nothing() };
      for (const [verdict, count] of Object.entries(subjects)) row[verdict] += count;
      row.findings += fired.get(id) ?? 0;
      row.trees += fired.has(id) ? 1 : 0;
      rows.set(id, row);
    }
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
