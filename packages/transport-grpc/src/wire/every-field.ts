/** Optional fields may hold nothing, but a field that is added to the type must not be forgotten here. */
export type EveryField<Type> = { [Name in keyof Required<Type>]: Type[Name] }
