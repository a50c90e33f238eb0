#!/bin/sh
# Runs a command with a virtual display of its own: `with_display.sh COMMAND [ARGUMENT...]`.
#
# The display has a window manager, because without one the main window does not get the keyboard
# focus back when a dialog closes. Blackbox is small, keeps the sizes that windows ask for, and has
# no shortcuts of its own. Display and window manager end with the command; its exit code is
# returned.
set -eu

scratch=$(mktemp -d)
mkfifo "$scratch/number"
server= manager=
finish() {
    # shellcheck disable=SC2086 # each is one word, or empty if the program has not started
    kill $manager $server 2>/dev/null || true
    wait
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

Xvfb -displayfd 3 -screen 0 1920x1200x24 -dpi 96 -nolisten tcp -noreset \
    3>"$scratch/number" >"$scratch/log" 2>&1 &
server=$!
if ! read -r number <"$scratch/number"; then
    echo "The virtual display did not start:" >&2
    cat "$scratch/log" >&2
    exit 1
fi

unset WAYLAND_DISPLAY
export DISPLAY=":$number" QT_QPA_PLATFORM=xcb
blackbox -rc "$scratch/blackbox" >"$scratch/log" 2>&1 &
manager=$!

status=0
"$@" || status=$?
exit "$status"
