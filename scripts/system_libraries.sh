#!/bin/sh
# Checks for the system libraries and programs that Theralog needs, and installs them if it may:
# `system_libraries.sh run` or `system_libraries.sh test`.
#
# It looks for each library under the name that the loader uses, and for each program on the path.
# If something is missing on Debian and the script may install packages (as root, or with a sudo
# that asks for no password), it installs them. Otherwise it prints one sentence on what is missing
# and how to get it, and ends with exit code 1. It prints nothing if nothing is missing, and on
# systems other than Linux.
set -eu

purpose=${1:?"run or test"}
[ "$(uname -s)" = Linux ] || exit 0

# The libraries that Qt's xcb and offscreen platforms link to (readelf -d), each with its Debian
# package.
libraries="
libEGL.so.1             libegl1
libGL.so.1              libgl1
libX11-xcb.so.1         libx11-xcb1
libX11.so.6             libx11-6
libbrotlidec.so.1       libbrotli1
libdbus-1.so.3          libdbus-1-3
libfontconfig.so.1      libfontconfig1
libfreetype.so.6        libfreetype6
libglib-2.0.so.0        libglib2.0-0
libgssapi_krb5.so.2     libgssapi-krb5-2
libxcb-cursor.so.0      libxcb-cursor0
libxcb-glx.so.0         libxcb-glx0
libxcb-icccm.so.4       libxcb-icccm4
libxcb-image.so.0       libxcb-image0
libxcb-keysyms.so.1     libxcb-keysyms1
libxcb-randr.so.0       libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-render.so.0      libxcb-render0
libxcb-shape.so.0       libxcb-shape0
libxcb-shm.so.0         libxcb-shm0
libxcb-sync.so.1        libxcb-sync1
libxcb-util.so.1        libxcb-util1
libxcb-xfixes.so.0      libxcb-xfixes0
libxcb-xkb.so.1         libxcb-xkb1
libxcb.so.1             libxcb1
libxkbcommon-x11.so.0   libxkbcommon-x11-0
libxkbcommon.so.0       libxkbcommon0
"

programs="make make"
if [ "$purpose" = test ]; then
    programs="$programs
blackbox blackbox
pdftotext poppler-utils
xkbcomp x11-xkb-utils
Xvfb xvfb"
fi

names=
packages=
missing() { # name, package
    names="$names $1"
    packages="$packages $2"
}

# ldconfig is in /sbin, which is not on every user's path. Without a cache of the loader, libraries
# cannot be checked.
if known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null) && [ -n "$known" ]; then
    while read -r library package; do
        case $known in
        *"	$library "*) ;;
        *) [ -z "$library" ] || missing "$library" "$package" ;;
        esac
    done <<LIST
$libraries
LIST
fi

while read -r program package; do
    command -v "$program" >/dev/null || missing "$program" "$package"
done <<LIST
$programs
LIST

# On Debian, the modules that make a virtual environment are in a package of their own.
if [ ! -e .venv/bin/python ]; then
    if python=$(command -v "${PYTHON:-python3.11}" || command -v python3); then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        "$python" -c 'import ensurepip, venv' 2>/dev/null || missing "$version-venv" "$version-venv"
    else
        missing python3 python3-venv
    fi
fi

# Without a font Qt draws no text; fontconfig usually brings the one that is installed here.
for font in /usr/share/fonts/*/*/*.[ot]tf /usr/share/fonts/*/*.[ot]tf /usr/share/fonts/*.[ot]tf \
    /usr/local/share/fonts/* "${HOME:-/}"/.local/share/fonts/* "${HOME:-/}"/.fonts/*; do
    [ -e "$font" ] && break
done
[ -e "$font" ] || missing "a font" fonts-dejavu-core

[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These are missing on this system and Theralog needs them:$names." >&2
    exit 1
elif [ "$(id -u)" = 0 ]; then
    as_root=env
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
else
    echo "Theralog needs packages that are missing here; install them with:" \
        "sudo apt-get install$packages" >&2
    exit 1
fi

echo "Installing what is missing on this system:$packages"
$as_root apt-get update -qq || true # the present package lists may be recent enough
# shellcheck disable=SC2086 # the packages must be split into words
$as_root DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends $packages </dev/null >/dev/null
