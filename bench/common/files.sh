# How many connections this machine allows: connections WANTED FILES_EACH sets $connections, at most WANTED, so that a
# program that needs FILES_EACH open files for each of them stays within the limit of open files. Sourced.
connections() {
  wanted_files=$(($1 * $2 + 400))
  ulimit -n "$wanted_files" 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  connections=$1
  files=$(ulimit -n)
  if [ "$files" != unlimited ] && [ "$files" -lt "$wanted_files" ]; then
    connections=$(((files - 400) / $2 / 100 * 100))
    [ "$connections" -ge 100 ] || {
      echo "the limit of open files ($files) is too low: raise it (ulimit -Hn, as root) and run again" >&2
      exit 2
    }
    echo "$connections connections instead of $1: the limit of open files is $files and cannot be raised (ulimit -Hn)" >&2
  fi
}
