/**
 * How the framework's statements are planned: by indexes, whatever the statistics say, and once. They find a known number of
 * rows by their keys, so another plan is never better; but on tables that were small or empty when a statement was first
 * planned, PostgreSQL would choose one that reads them whole, and go on with it when they have grown.
 */
const settings = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
}

/** One statement that sets them, for a session or for a transaction: each activity with user SQL pays for it. */
export function planning(scope: 'session' | 'local'): string {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', '${value}', ${scope === 'local'})`,
  )
  return `select ${calls.join(', ')}`
}
