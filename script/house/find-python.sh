# Sourced by the doors in script/: sets $python to a Python that is new enough, or says that there is none.
# The prefixed names first, newest first; a python that can also make environments (ensurepip) is preferred.
python=
second_best=
for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
    command -v "$name" >/dev/null 2>&1 || continue
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        python=$name
        break
    fi
    [ -n "$second_best" ] || second_best=$name
done
[ -n "$python" ] || python=$second_best
if [ -z "$python" ]; then
    echo "Stigen needs Python 3.11 or newer, and found none: install it (on Debian or Ubuntu: apt-get install python3 python3-venv; on macOS: brew install python) and run this again." >&2
    exit 1
fi
