type Opaque = Date | RegExp | Uint8Array | Error

/** The same data, read only at every depth. */
export type DeepReadonly<Value> = Value extends Opaque | ((...args: never[]) => unknown)
  ? Value
  : Value extends ReadonlyMap<infer Key, infer Item>
    ? ReadonlyMap<DeepReadonly<Key>, DeepReadonly<Item>>
    : Value extends ReadonlySet<infer Item>
      ? ReadonlySet<DeepReadonly<Item>>
      : Value extends object
        ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
        : Value
