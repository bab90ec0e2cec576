import { readFile } from 'node:fs/promises';

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function take(pool, next) {
  return pool.splice(Math.floor(next() * pool.length), 1);
}

/** Findings drawn with a seed: half of them uniformly, half check by check, so that rare checks are read as well. */
export function drawFindings(audits, count, seed) {
  const next = random(seed);
  const pool = audits.flatMap(({ tree, report }) =>
    (report?.findings ?? []).map((finding) => ({ tree, finding })),
  );
  const drawn = [];
  while (drawn.length < Math.ceil(count / 2) && pool.length > 0) drawn.push(...take(pool, next));
  const byCheck = groupByCheck(pool);
  while (drawn.length < count && byCheck.length > 0) {
    const [group] = take(byCheck, next);
    drawn.push(...take(group, next));
  }
  return drawn;
}

function groupByCheck(pool) {
  const groups = new Map();
  for (const item of pool) {
    const group = groups.get(item.finding.checkId) ?? [];
    groups.set(item.finding.checkId, group);
    group.push(item);
  }
  return [...groups.values()];
}

async function excerpt({ location }) {
  const { file, line = 1 } = location ?? {};
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const from = Math.max(0, line - 6);
  return text
    .split(/\r?\n/)
    .slice(from, line + 14)
    .map((content, index) => `${from + index + 1 === line ? '>' : ' '} ${from + index + 1}: ${content}`)
    .join('\n');
}

/** Prints drawn findings with the lines they point at. */
export async function printDrawn(drawn) {
  for (const [index, { tree, finding }] of drawn.entries()) {
    const { checkId, messageKey, severity, message, remediation, location, subjects } = finding;
    console.log(`\n== ${index + 1}. ${checkId} ${messageKey} (${severity}), ${tree}`);
    console.log(`${location?.file}:${location?.line}  ${subjects.length} subjects`);
    console.log(`${message}\nFix: ${remediation}\n${await excerpt(finding)}`);
  }
}
