import type { ControlAssessment, ControlStatus } from './assess.js';

/** Statuses of controls, in the order in which reports show them, with the words they use. */
export const statusTitles: Readonly<Record<ControlStatus, string>> = {
  'not-satisfied': 'not satisfied',
  'not-decided': 'not decided',
  satisfied: 'satisfied',
  'not-assessable': 'not assessable',
};

/** How many controls there are of each status. */
export function countByStatus(
  controls: readonly ControlAssessment[],
): Readonly<Record<ControlStatus, number>> {
  const counts = { satisfied: 0, 'not-satisfied': 0, 'not-decided': 0, 'not-assessable': 0 };
  for (const { status } of controls) counts[status] += 1;
  return counts;
}
