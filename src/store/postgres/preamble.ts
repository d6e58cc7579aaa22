/**
 * What every connection begins with. A statement that takes long is a mistake, and one that waits for
 * a lock tries again: nobody shall hold a plan for longer than that (P5). Both sides find out that the
 * other is gone (P12). Statements are small, so neither replanning nor compiling them pays.
 */
export function preambleFor(role: string | null): string {
  const settings = [
    "set search_path = planwright",
    "set statement_timeout = '5s'",
    "set lock_timeout = '2s'",
    "set idle_in_transaction_session_timeout = '10s'",
    // From Postgres 17 on: whatever a transaction waits for, were it the rest of what its client was
    // sending when it stood still.
    `select set_config('transaction_timeout', '15s', false)
     where current_setting('server_version_num')::int >= 170000`,
    "set tcp_keepalives_idle = 10",
    "set tcp_keepalives_interval = 5",
    "set tcp_keepalives_count = 3",
    "set tcp_user_timeout = '15s'",
    "set client_connection_check_interval = '5s'",
    "set plan_cache_mode = force_generic_plan",
    "set jit = off",
    // A plan is made once, perhaps while the tables are empty, and has to do when they are large: every
    // statement goes by an index, row by row of what it was given.
    "set enable_seqscan = off",
    "set enable_hashjoin = off",
    "set enable_mergejoin = off",
  ];
  // The only role that is ever taken on.
  if (role !== null) settings.push("set role planwright_app");
  return settings.join("; ");
}
