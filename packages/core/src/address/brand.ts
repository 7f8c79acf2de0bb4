declare const brand: unique symbol

/** A primitive that the type checker keeps apart from others of the same shape. Free at run time. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name }
