#!/usr/bin/env bash
# Are the pictures of ../shared (or PL_SHARED) here? Where not, cases of many tests are skipped inside programs that pass
# as a whole; this test is then skipped as well, so that ctest's summary says it, and names them.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
shared=${PL_SHARED:-../../shared}
missing=0
for part in scenes real naval; do
    test -d "$shared/$part" || { echo "$shared/$part is not here"; missing=1; }
done
test $missing = 0 && exit 0
echo "cases that need it are skipped in:"
grep -lr --include='*.c' 'shared_file(' . | grep -v shared.h | sort
exit 77
