/**
 * How the framework's statements are planned: by indexes, whatever the statistics say, and once. They find a known number of
 * rows by their keys, so another plan is never better; but on tables that were small or empty when a statement was first
 * planned, PostgreSQL would choose one that reads them whole, and go on with it when they have grown.
 */
const settings = [
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'enable_material = off',
  'jit = off',
  'plan_cache_mode = force_generic_plan',
]

/** `set` statements for a session, or `local` ones for a transaction. */
export function planning(scope: 'session' | 'local'): string {
  return settings.map((setting) => `set ${scope} ${setting}`).join('; ')
}
