# One execution of a step as the world outside the store sees it. It writes down that it began and
# ended, and what should have been dead by then and still lives.
# Arguments: seconds; `plain`, `brood` (leaves a child behind that will not listen), `deaf` (does not
# listen itself) or `loud` (prints 16 KB); lines to print.
set -u
seconds=$1 kind=$2
shift 2
life=${LC_WITNESS_LIFE:-none}
me="$life~$PLANWRIGHT_PLAN_ID~$PLANWRIGHT_STEP_KEY~$PLANWRIGHT_ATTEMPT"

# Appended in one write: executions of other steps write beside this one.
say() {
  printf '%s %s %s %s\n' "$1" "$me" "$PLANWRIGHT_IDEMPOTENCY_KEY" "$2" >>"$WITNESS/ledger"
}

# When a process began, in ticks; nothing where it is dead. The name in its entry may hold anything,
# the fields after the last parenthesis may not.
find_start() {
  start=
  { IFS= read -r entry <"/proc/$1/stat"; } 2>/dev/null || return 0
  set -- ${entry##*) }
  case $1 in Z | X) return 0 ;; esac
  start=${20}
}

# What another worker began, or another attempt of this step, should be dead by now.
judge() {
  other=$1
  IFS='~'
  set -- $other
  unset IFS
  find_start "$5"
  [ -n "$start" ] && [ "$start" = "$6" ] || return 0
  if [ "$1" != "$life" ]; then say outlived "$other"; fi
  if [ "$2~$3" = "$PLANWRIGHT_PLAN_ID~$PLANWRIGHT_STEP_KEY" ]; then say overlap "$other"; fi
}

if [ "$kind" = deaf ]; then trap '' HUP INT TERM; fi

# Its own entry comes first: of two that begin at once, one at least sees the other.
find_start "$$"
mine="$me~$$~$start"
: >"$WITNESS/alive/$mine"
say start "$mine"
for path in "$WITNESS"/alive/*; do
  [ "$path" = "$WITNESS/alive/$mine" ] || judge "${path##*/}"
done

if [ "$kind" = brood ]; then
  (trap '' HUP INT TERM && exec sleep 300) </dev/null >/dev/null 2>&1 &
  find_start "$!"
  : >"$WITNESS/alive/$me~$!~$start"
fi

sleep "$seconds"
if [ "$kind" = loud ]; then head -c 16384 /dev/zero | tr '\0' x; fi
for line; do printf '%s\n' "$line"; done
say end "$mine"
rm -f "$WITNESS/alive/$mine"
