import type { AuditResult, Undecided } from '#check/index.js';
import type { Problem } from '#documents/document.js';
import { artifactLocation } from './sarif-location.js';
import { sentence } from './sarif-rules.js';
import { listSubjects } from './subject-list.js';

const shownSubjects = 5;

/** What stood in the audit's way and what it could not decide: about the run, not about a line to mend. */
export function toNotifications({ inputs, undecided }: AuditResult) {
  return [...inputs.problems.map(problemNotification), ...undecided.map(undecidedNotification)];
}

function problemNotification({ code, file, line, column, message, hint, fatal }: Problem) {
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  const location = {
    physicalLocation: {
      artifactLocation: artifactLocation(file),
      ...(line === undefined ? {} : { region }),
    },
  };
  return {
    descriptor: { id: code },
    level: fatal ? 'error' : 'warning',
    message: { text: hint === undefined ? sentence(message) : `${sentence(message)} ${sentence(hint)}` },
    ...(file === '' ? {} : { locations: [location] }),
  };
}

function undecidedNotification({ checkId, missing, subjects }: Undecided) {
  const evidence = missing.map(({ text }) => text).join('; ');
  return {
    descriptor: { id: 'undecided' },
    associatedRule: { id: checkId },
    level: 'note',
    message: {
      text: `${checkId} cannot judge ${listSubjects(subjects, shownSubjects)}. The input lacks: ${sentence(evidence)}`,
    },
  };
}

/** Said of findings that no longer fit into what code scanning accepts. */
export function overflowNotification(left: number) {
  return {
    descriptor: { id: 'too-many-findings' },
    level: 'warning',
    message: {
      text: `${String(left)} findings of the least severity are left out: code scanning shows 5000. The JSON report holds all.`,
    },
  };
}
