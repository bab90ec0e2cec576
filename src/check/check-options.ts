/** A whole number within bounds. */
export interface NumberOption {
  readonly type: 'integer';
  /** What it decides, in a sentence. */
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

/** One word of several. */
export interface WordOption {
  readonly enum: readonly string[];
  readonly description: string;
  readonly default: string;
}

/** A list of whole numbers. */
export interface NumbersOption {
  readonly type: 'array';
  readonly items: { readonly type: 'integer'; readonly minimum: number; readonly maximum: number };
  readonly description: string;
  readonly default: readonly number[];
}

/** A list of texts. */
export interface TextsOption {
  readonly type: 'array';
  readonly items: { readonly type: 'string'; readonly minLength: 1 };
  readonly description: string;
  readonly default: readonly string[];
}

/** One option of a check: a fragment of JSON Schema, with the value that holds where a config is silent. */
export type CheckOption = NumberOption | WordOption | NumbersOption | TextsOption;

/** The options that a check declares, by name. */
export type CheckOptions = Readonly<Record<string, CheckOption>>;

/** What a value of an option is. */
type ValueOf<O> = O extends NumberOption
  ? number
  : O extends { readonly enum: readonly (infer Word)[] }
    ? Word
    : O extends NumbersOption
      ? readonly number[]
      : O extends TextsOption
        ? readonly string[]
        : never;

/** The values of declared options, as a judge gets them: each one is there. */
export type OptionValues<O> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

function fits(option: CheckOption, value: unknown): boolean {
  if ('enum' in option) return option.enum.some((word) => word === value);
  if (option.type === 'integer') return isWhole(value, option);
  if (!Array.isArray(value)) return false;
  const { items } = option;
  return items.type === 'integer'
    ? value.every((item) => isWhole(item, items))
    : value.every((item) => typeof item === 'string' && item !== '');
}

function isWhole(
  value: unknown,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): boolean {
  return Number.isInteger(value) && typeof value === 'number' && value >= minimum && value <= maximum;
}

/** True of values of which each is as its option declares, and none is missing. */
export function areValues<O extends CheckOptions>(
  values: Readonly<Record<string, unknown>>,
  options: O | undefined,
): values is OptionValues<O> {
  return Object.entries(options ?? {}).every(
    ([name, option]) => Object.hasOwn(values, name) && fits(option, values[name]),
  );
}

/**
 * The values of a check's options: those given, else the defaults.
 *
 * @throws RangeError for an option that the check does not have, or a value that is none of it.
 */
export function optionValues<O extends CheckOptions>(
  options: O | undefined,
  given: Readonly<Record<string, unknown>> = {},
): OptionValues<O> {
  const declared: CheckOptions = options ?? {};
  for (const name of Object.keys(given)) {
    const option = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (option === undefined) throw new RangeError(`there is no option "${name}"`);
    if (!fits(option, given[name]))
      throw new RangeError(`option "${name}" can not be ${JSON.stringify(given[name])}`);
  }
  const defaults = Object.entries(declared).map(([name, option]) => [name, option.default] as const);
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries<unknown>(defaults), ...given };
  if (!areValues(values, options)) throw new RangeError('an option has a default that it can not have');
  return values;
}
