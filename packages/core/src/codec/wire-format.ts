/**
 * Format of encoded values, version 1. Values are stored: any change takes a new version, and old ones stay readable.
 *
 * The first byte is the version. The rest is one MessagePack value: nil, bool, int (up to 32 bits), float 64, str, bin, array,
 * and map with str keys for plain objects. What MessagePack lacks are extension types:
 *
 * | type | value       | data                                                                          |
 * | ---- | ----------- | ----------------------------------------------------------------------------- |
 * | 0    | `undefined` | one byte, 0                                                                   |
 * | 1    | `Date`      | float 64: milliseconds since 1970                                             |
 * | 2    | `Map`       | an array: key, value, key, value …                                            |
 * | 3    | `Set`       | an array                                                                      |
 * | 4    | `bigint`    | two's complement, big endian, a multiple of 8 bytes                           |
 * | 5    | `string`    | UTF-16, big endian: only for strings that UTF-8 cannot hold (lone surrogates) |
 */
export const formatVersion = 1

/** Deeper values are refused, in both directions, so that no input can exhaust the stack. */
export const maxDepth = 500

export const extensionType = { undefined: 0, date: 1, map: 2, set: 3, bigint: 4, utf16: 5 } as const
