import type { CatalogueCheck } from '#check/index.js';
import type { FrameworkSelection } from '#controls/select-framework.js';
import { controlMap } from '#report/catalogue/control-map.js';
import type { RenderOptions } from '#report/renderer.js';
import { version } from './version.js';

/** Forms in which the catalogue can be listed. */
export type ChecksFormat = 'table' | 'json' | 'markdown';

/** What a terminal allows. */
export type TerminalOptions = Pick<RenderOptions, 'color' | 'width'>;

/** What to list. */
export interface ChecksList {
  readonly checks: readonly CatalogueCheck[];
  /** Frameworks whose controls are shown with their checks instead of the checks by family. */
  readonly frameworks: readonly FrameworkSelection[];
}

/** The same checks by id within each family, the families in the order in which they come. */
function byId(checks: readonly CatalogueCheck[]): readonly CatalogueCheck[] {
  const order = [...new Set(checks.map(({ family }) => family))];
  return order.flatMap((family) =>
    checks
      .filter((check) => check.family === family)
      .sort((a, b) => (a.meta.id < b.meta.id ? -1 : a.meta.id > b.meta.id ? 1 : 0)),
  );
}

/** The catalogue, or the controls of frameworks with their checks, as text; several frameworks in a table are counted only. */
export async function renderChecks(
  { checks: unsorted, frameworks }: ChecksList,
  format: ChecksFormat,
  options: TerminalOptions,
): Promise<string> {
  const checks = byId(unsorted);
  const maps = frameworks.map((framework) => controlMap(framework, checks));
  if (format === 'json') {
    const { listJson } = await import('#report/catalogue/list-json.js');
    return listJson(checks, maps, version);
  }
  if (format === 'markdown') {
    const { listMarkdown, mapMarkdown } = await import('#report/catalogue/list-markdown.js');
    return maps.length === 0 ? listMarkdown(checks) : mapMarkdown(maps);
  }
  const { frameworkTable, listTable, mapTable } = await import('#report/catalogue/list-table.js');
  const { tableStyle } = await import('#report/table-style.js');
  const style = tableStyle(options);
  const [first] = maps;
  if (first === undefined) return listTable(checks, style);
  return maps.length === 1 ? mapTable(first, style) : frameworkTable(maps, style);
}

/** The page of one check for a terminal. */
export async function renderCheckPage(check: CatalogueCheck, options: TerminalOptions): Promise<string> {
  const { checkText } = await import('#report/catalogue/check-text.js');
  const { checkPages } = await import('#report/generated/check-pages.js');
  const { tableStyle } = await import('#report/table-style.js');
  return checkText(check, checkPages.get(check.meta.id) ?? '', tableStyle(options));
}
