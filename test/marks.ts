/** A line that a fixture says a check reports. */
export interface Mark {
  readonly line: number;
  readonly id: string;
}

/** The `# expect: ID, ID` marks of a fixture, by line, from 1. */
export function marksOf(text: string): readonly Mark[] {
  return text.split('\n').flatMap((content, index) => {
    const ids = /# expect: ([A-Z0-9, -]+?)\s*$/.exec(content)?.[1]?.split(',') ?? [];
    return ids.map((id) => ({ line: index + 1, id: id.trim() }));
  });
}
