#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Does scripts/packages.sh do the right thing on each kind of machine? dpkg-query, apt-get, id and sudo are played by small
# scripts that write down how they were called; nothing is installed.
#   packages.sh TREE
set -eu

tree=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
mkdir "$work/scripts"
cp "$tree/scripts/packages.sh" "$work/scripts/"
printf 'aaa # a comment\nbbb\nlib-c++3\n' >"$work/scripts/packages.txt"

play() { # name, body: a program of the machine
    printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}

machine() { # installed packages, user id, how often apt-get fails
    bin=$work/bin
    rm -rf "$bin" "$work/log" "$work/fails"
    mkdir "$bin"
    : >"$work/log"
    printf '%s' "$3" >"$work/fails"
    for tool in sh env sed grep dirname cat true; do ln -s "$(env which $tool)" "$bin/$tool"; done
    play sleep ''
    play id "echo $2"
    play dpkg-query "for p in $1; do echo \"\$p installed\"; done; echo 'bbb config-files'; exit 1"
    play apt-get "echo \"apt-get \$*\" >>'$work/log'
        case \"\$*\" in *update*) exit 0 ;; esac
        read -r n <'$work/fails' || :
        [ \"\$n\" -eq 0 ] || { echo \$((n - 1)) >'$work/fails'; exit 100; }
        echo \"noninteractive=\$DEBIAN_FRONTEND\" >>'$work/log'"
}

go() { # arguments of packages.sh
    code=0
    env -u DEBIAN_FRONTEND PATH="$bin" sh "$work/scripts/packages.sh" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
}

expect() { # what, 0 when true
    if [ "$2" != 0 ]; then
        faults=$((faults + 1))
        echo "packages.sh: not so: $1 (exit $code)"
        sed 's/^/    /' "$work/out" "$work/err" "$work/log"
    fi
}

is() { if "$@"; then echo 0; else echo 1; fi; }
logged() { grep -c "$1" "$work/log" || :; }
line='apt-get update && apt-get install -y --no-install-recommends bbb lib-c++3'

machine 'aaa bbb lib-c++3' 0 0; go
expect 'all there: success' "$code"
expect 'all there: apt is not called' "$(is test ! -s "$work/log")"

machine 'aaa' 0 0; go
expect 'root: success' "$code"
expect 'root: one update' "$(is test "$(logged ' update')" = 1)"
expect 'root: one install, of what is missing and no more' "$(is test "$(logged 'install -y --no-install-recommends bbb lib-c++3$')" = 1)"
expect 'root: no questions asked' "$(is test "$(logged noninteractive=noninteractive)" = 1)"

machine 'aaa' 0 1; go
expect 'a first failure is tried again' "$code"
expect 'a first failure: two installs' "$(is test "$(logged ' install ')" = 2)"

machine 'aaa' 0 9; go
expect 'two failures: not a success' "$(is test "$code" = 1)"
expect 'two failures: two installs, not more' "$(is test "$(logged ' install ')" = 2)"
expect 'two failures: the line is printed' "$(is grep -qxF "$line" "$work/out")"
expect 'two failures: the network is named' "$(is grep -q network "$work/err")"

machine 'aaa' 1000 0; go
expect 'no rights: not a success' "$(is test "$code" = 1)"
expect 'no rights: exactly the line on stdout' "$(is test "$(cat "$work/out")" = "$line")"
expect 'no rights: apt is not called' "$(is test ! -s "$work/log")"

machine 'aaa' 1000 0; play sudo 'exit 1'; go
expect 'sudo that wants a password, no terminal: not a success' "$(is test "$code" = 1)"
expect 'sudo that wants a password, no terminal: not tried' "$(is grep -q 'may not install' "$work/err")"
expect 'sudo that wants a password, no terminal: the line' "$(is test "$(cat "$work/out")" = "$line")"

machine 'aaa' 1000 0; play sudo "echo \"sudo \$*\" >>'$work/log'; shift; exec \"\$@\""; go
expect 'sudo without a password: success' "$code"
expect 'sudo without a password: used' "$(is test "$(logged '^sudo -n env .*apt-get .*install')" = 1)"

machine 'aaa' 1000 0; go --list
expect '--list: the missing ones' "$(is test "$(cat "$work/out")" = "$(printf 'bbb\nlib-c++3')")"

printf 'ddd # for some tests\n' >"$work/scripts/packages_check.txt"
machine 'aaa bbb lib-c++3' 0 0; go --check
expect '--check: success' "$code"
expect '--check: its own list' "$(is test "$(logged 'install -y --no-install-recommends ddd$')" = 1)"
machine 'aaa' 0 9; go --check
expect '--check: what cannot be installed is no failure' "$code"
expect '--check: but said' "$(is grep -q 'will be skipped' "$work/err")"
machine 'ddd' 1000 0; go --check --list
expect '--check --list: all there' "$(is test ! -s "$work/out")"

machine '' 1000 0; rm "$bin/dpkg-query"; go
expect 'not Debian: goes on' "$code"
expect 'not Debian: names what is needed' "$(is grep -q 'aaa bbb lib-c++3' "$work/err")"

echo "packages.sh: $faults faults"
[ "$faults" = 0 ]
