/** A Markdown table of one benchmark: ours, the yardstick, and the ratios. */
export function printTable({ title, rows }, figures) {
  const seconds = (value) => `${value.toFixed(2)} s`;
  const mebibytes = (value) => `${value.toFixed(0)} MiB`;
  const lines = rows.map(({ label, yardstick, ours, allowed }) => {
    const [mine, theirs] = [figures.get(ours), figures.get(yardstick.name)];
    const ratio = (figure) => (mine[figure] / theirs[figure]).toFixed(2);
    return [
      label,
      `${seconds(mine.wall)} / ${seconds(theirs.wall)}`,
      `**${ratio('wall')}** (≤ ${allowed})`,
      `${seconds(mine.cpu)} / ${seconds(theirs.cpu)} = ${ratio('cpu')}`,
      `${mebibytes(mine.rss)} / ${mebibytes(theirs.rss)} = ${ratio('rss')}`,
      yardstick.label,
    ].join(' | ');
  });
  const head = 'input | time, ours / yardstick | ratio | CPU | peak memory | yardstick';
  return [
    `### ${title}`,
    '',
    `| ${head} |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}
