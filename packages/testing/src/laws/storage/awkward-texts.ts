/** What programs and people put into ids, sooner or later. */
const printable = ['', ' ', '\n', '__proto__', '{}', '%', '_', 'a/b', "it's", '"', '\\', '\\0', '\\u0000', '\ufeff']
const control = ['\0', 'a\0b', 'a', '\u001b', '\u001b0000']
/** One letter in two spellings, a pair of surrogates, and half of one. */
const unicode = ['\u00e9', 'e\u0301', '😀', '\ud83d']

/** Texts that storages get wrong, sooner or later. */
export const awkwardTexts: readonly string[] = [...printable, ...control, ...unicode]
