/** What a generated module of one kind holds. */
export interface KindModule {
  /** The folded schemas of the served versions, as JSON. */
  readonly schemas: string;
  readonly checks: Readonly<Record<string, (data: unknown) => boolean>>;
}

/** A kind whose schemas come with the tool. */
export interface BuiltInKind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The served versions. */
  readonly versions: readonly string[];
  readonly load: () => Promise<KindModule>;
}
