/**
 * Prints a value the way kubectl does: keys as given (sorted by the API server), sequences at the indentation of their
 * key, quotes only where a plain scalar would mean something else, block scalars for texts of several lines.
 */
export function printYaml(value, indent = '') {
  const lines = [];
  if (Array.isArray(value)) printSequence(value, indent, lines);
  else printMapping(value, indent, lines);
  return `${lines.join('\n')}\n`;
}

function printMapping(object, indent, lines) {
  for (const [key, value] of Object.entries(object))
    printEntry(`${indent}${printKey(key)}:`, value, indent, lines);
}

function printEntry(head, value, indent, lines) {
  if (value === null || typeof value !== 'object') lines.push(`${head} ${printScalar(value, indent)}`);
  else if (Array.isArray(value)) {
    lines.push(value.length === 0 ? `${head} []` : head);
    printSequence(value, indent, lines);
  } else if (Object.keys(value).length === 0) lines.push(`${head} {}`);
  else {
    lines.push(head);
    printMapping(value, `${indent}  `, lines);
  }
}

function printSequence(items, indent, lines) {
  for (const item of items) {
    if (item === null || typeof item !== 'object') lines.push(`${indent}- ${printScalar(item, indent)}`);
    else {
      const inner = [];
      printMapping(item, `${indent}  `, inner);
      lines.push(`${indent}- ${inner[0].slice(indent.length + 2)}`, ...inner.slice(1));
    }
  }
}

function printKey(key) {
  return /^[\w./-]+$/.test(key) || /^[fk]:[^'": ]+$/.test(key)
    ? key
    : `'${key}'`.replace(/^'(k:\{.*\})'$/, '$1');
}

function printScalar(value, indent) {
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n')) {
    const body = value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${indent}  ${line}`);
    return `${value.endsWith('\n') ? '|' : '|-'}\n${body.join('\n')}`;
  }
  if (
    value === '' ||
    /^(?:[\d.+-][\d._eE+-]*|true|false|null|yes|no|on|off|[yn~]|\d{4}-\d\d-\d\dT.*)$/i.test(value)
  )
    return `"${value}"`;
  return /^(?:[[\]{}*&!|>%@`'"#,]|[-?:](?: |$))|: | #|:$/.test(value)
    ? `'${value.replaceAll("'", "''")}'`
    : value;
}
