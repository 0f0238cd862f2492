#!/usr/bin/env bash
# Builds the libraries of the static release with musl, once, into a cache outside the tree, and
# prints the folder as the last line of stdout. Everything else goes to stderr.
#
#   cmake -DCREDCTL_STATIC=ON -DCREDCTL_DEPS_PREFIX="$(src/cmake/deps.sh)" ...
#
# The sources are Debian's, with its security patches, from the archive this machine's apt already
# uses, through a private apt root: neither /etc/apt nor the system's package lists change. apt
# verifies the archive's signature; the upstream tarballs are pinned here as well.
# Needs: dpkg-dev musl-tools linux-libc-dev gcc make perl cmake ninja-build.
set -euo pipefail
exec 3>&1 1>&2

here=$(cd "$(dirname "$0")" && pwd)
arch=$(uname -m)
cache=${CREDCTL_DEPS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/credctl-build}
key=$(cat "$here/deps.sh" "$here/musl-cc" "$here/musl.cmake" - <<<"$arch" | sha256sum | cut -c1-16)
prefix=$cache/$key
flags="-O2 -ffunction-sections -fdata-sections -fstack-protector-strong"
export SOURCE_DATE_EPOCH=1

# name, oldest Debian version with the fixes we rely on, SHA-256 of the upstream tarballs we accept
sources='
openssl  3.0.20-1~deb12u2 67ebca7e50d17383028045486653492195b83db95f8558709701bb47b5c1ef81 c80a01dfc70ece4dc21168932c37739042d404d46ccc81a5986dd75314ecda6f
c-ares   1.18.1-3   1a7d52a8a84a9fbffb1be9133c0f6e17217d91ea5a6fa61f6b4729cda78ebbcf
libyaml  0.2.5-1    fa240dbf262be053f3898006d502d514936c818e422afdcf33921c63bed9bf2e
libevent 2.1.12-stable-8+deb12u1 92e6de1be9ec176428fd2367677e61ceffc2ee1cb119035037a27d346b0403bb
expat    2.5.0-1+deb12u2 ab00ee05c7067fd10a35c5d2a4922ebba746ddd50ff83b79c828da17bbdf1757
curl     7.88.1-10+deb12u5 cdb38b72e36bc5d33d5b8810f8018ece1baa29a8f215b4495e495ded82bbf3c7
cjson    1.7.15-1+deb12u1 5308fd4bd90cef7aa060558514de6a1a4a0819974a26e6ed13973c5f624c24b2
'

say() { printf 'deps: %s\n' "$*"; }
die() { printf 'deps: %s\n' "$*"; exit 1; }

# --- sources -------------------------------------------------------------------------------------

# The machine's own entries for this release of Debian, as entries for sources.
private_apt_root() {
    # shellcheck source=/dev/null
    . /etc/os-release
    mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,parts}
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -r "$file" ] || continue
        sed -nE "s#^deb (.* $VERSION_CODENAME(-updates|-security)? .*)#deb-src \1#p" "$file"
    done >"$work/apt/parts/machine.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -r "$file" ] || continue
        awk -v RS= -v ORS='\n\n' -v suite="(^|\n)Suites:[^\n]*[ \t]$VERSION_CODENAME([-a-z]*)([ \t\n]|\$)" \
            '$0 ~ suite { sub(/Types:[^\n]*/, "Types: deb-src"); print }' "$file"
    done >"$work/apt/parts/machine.sources"
    apt=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/parts"
        -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root)
    apt-get "${apt[@]}" -qq update
}

# "version sha256" of each version in the archive, newest first
versions_of() {
    apt-cache "${apt[@]}" showsrc --only-source "$1" | awk '
        /^Version:/ { version = $2 }
        /^[A-Z][A-Za-z0-9-]*:/ { sha = /^Checksums-Sha256:/ }
        sha && $3 ~ /\.orig\.tar\.[a-z0-9]+$/ { print version, $1 }' | sort -Vru
}

# The newest version may be listed and yet missing from the archive: then the one before it.
fetch() {
    local name=$1 oldest=$2 version sha
    shift 2
    while read -r version sha; do
        dpkg --compare-versions "$version" ge "$oldest" || continue
        case " $* " in *" $sha "*) ;; *) say "$name $version: upstream tarball is not pinned, skipped"; continue ;; esac
        mkdir -p "$work/dl/$name-$version"
        if (cd "$work/dl/$name-$version" && apt-get "${apt[@]}" -qq source --download-only "$name=$version") >"$work/fetch.log" 2>&1; then
            sha256sum --check --quiet <<<"$sha  $(echo "$work/dl/$name-$version"/*.orig.tar.[gx]z)" || die "$name: wrong hash"
            dpkg-source --no-check -x "$work/dl/$name-$version"/*.dsc "$work/$name" >"$work/fetch.log" 2>&1 || die "$(cat "$work/fetch.log")"
            say "$name $version"
            echo "$name $version $sha" >>"$out/VERSIONS"
            return
        fi
        say "$name $version: listed but not in the archive, trying the one before"
    done < <(versions_of "$name")
    die "no acceptable source of $name in this machine's archive"
}

# --- builds --------------------------------------------------------------------------------------

quietly() { "$@" >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; die "failed: $*"; }; }

with_cmake() {
    local name=$1 from=$2
    shift 2
    say "building $name"
    quietly cmake -S "$from" -B "$work/build-$name" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$here/musl.cmake" \
        -DCREDCTL_DEPS_PREFIX="$out" -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="$flags -DNDEBUG -ffile-prefix-map=$work/=" \
        -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -Wno-dev "$@"
    quietly ninja -C "$work/build-$name" install
}

build_openssl() {
    say "building openssl (a few minutes)"
    cd "$work/openssl"
    # shellcheck disable=SC2086 # $flags is a list
    # Only what a TLS client, SigV4, ES256 and PEM need; one default provider, nothing loaded at run time.
    PATH=$out/bin:$PATH CC=musl-cc quietly ./Configure "linux-$arch" --prefix=/ --libdir=lib --openssldir=/etc/ssl \
        no-shared no-module no-dso no-engine no-dynamic-engine no-legacy no-tests no-async no-autoload-config \
        no-ssl3 no-weak-ssl-ciphers no-dtls no-srp no-srtp no-psk no-comp no-ct no-nextprotoneg no-sctp no-ktls \
        no-idea no-bf no-cast no-camellia no-aria no-seed no-des no-rc2 no-rc4 no-md4 no-mdc2 no-rmd160 no-whirlpool \
        no-sm2 no-sm3 no-sm4 no-gost no-dsa no-ec2m no-siphash no-siv no-ocb no-scrypt no-blake2 \
        no-ts no-cms no-cmp no-rfc3779 no-afalgeng no-ui-console no-multiblock \
        $flags
    PATH=$out/bin:$PATH quietly make -j"$(nproc)" build_libs
    PATH=$out/bin:$PATH quietly make DESTDIR="$out" install_dev
    cd "$work"
}

build_the_others() {
    with_cmake c-ares "$work/c-ares" -DCARES_STATIC=ON -DCARES_SHARED=OFF -DCARES_BUILD_TOOLS=OFF
    with_cmake libyaml "$work/libyaml"
    with_cmake libevent "$work/libevent" -DEVENT__LIBRARY_TYPE=STATIC -DEVENT__DISABLE_OPENSSL=ON \
        -DEVENT__DISABLE_TESTS=ON -DEVENT__DISABLE_SAMPLES=ON -DEVENT__DISABLE_BENCHMARK=ON -DEVENT__DISABLE_REGRESS=ON
    # Debian's patches ask for XML_DTD == 1, as autoconf writes it; CMake writes it empty.
    sed -i 's/^#cmakedefine XML_DTD$/& 1/' "$work/expat/expat/expat_config.h.cmake"
    with_cmake expat "$work/expat/expat" -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_TOOLS=OFF -DEXPAT_BUILD_EXAMPLES=OFF \
        -DEXPAT_BUILD_TESTS=OFF -DEXPAT_BUILD_DOCS=OFF -DEXPAT_BUILD_PKGCONFIG=OFF
    # No CA file is built in: the program finds the host's own and says so when there is none.
    with_cmake curl "$work/curl" -DBUILD_CURL_EXE=OFF -DENABLE_MANUAL=OFF -DPICKY_COMPILER=OFF -DHTTP_ONLY=ON \
        -DCURL_USE_OPENSSL=ON -DOPENSSL_ROOT_DIR="$out" -DOPENSSL_USE_STATIC_LIBS=ON \
        -DENABLE_ARES=ON -DCARES_INCLUDE_DIR="$out/include" -DCARES_LIBRARY="$out/lib/libcares.a" \
        -DENABLE_UNIX_SOCKETS=ON -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_GSSAPI=OFF \
        -DCURL_DISABLE_LDAP=ON -DCURL_DISABLE_LDAPS=ON -DUSE_LIBIDN2=OFF -DUSE_NGHTTP2=OFF \
        -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DCURL_ZLIB=OFF \
        -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_HSTS=ON \
        -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_DOH=ON \
        -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DCURL_CA_FALLBACK=ON -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG=ON
    grep -q '^#define HAVE_POLL_FINE 1' "$work/build-curl/lib/curl_config.h" || die "curl found no poll(): it would fail past 1024 files"
    say "building cjson"
    # shellcheck disable=SC2086 # $flags is a list
    quietly "$out/bin/musl-cc" $flags -c "$work/cjson/cJSON.c" -o "$work/cJSON.o"
    quietly ar rcs "$out/lib/libcjson.a" "$work/cJSON.o"
    install -D -m 644 "$work/cjson/cJSON.h" "$out/include/cjson/cJSON.h"
}

# -------------------------------------------------------------------------------------------------

mkdir -p "$cache"
exec 9>"$cache/$key.lock"
flock 9
if [ -e "$prefix/VERSIONS" ]; then
    say "using $prefix"
    echo "$prefix" >&3
    exit 0
fi

for tool in apt-get dpkg-source musl-gcc gcc make perl cmake ninja; do
    command -v "$tool" >/dev/null || die "$tool is missing: apt-get install dpkg-dev musl-tools linux-libc-dev gcc make perl cmake ninja-build"
done
work=$(mktemp -d "$cache/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
out=$work/prefix
mkdir -p "$out"/{bin,lib,include,kernel-headers}
install -m 755 "$here/musl-cc" "$out/bin/musl-cc"
ln -s /usr/include/linux /usr/include/asm-generic "/usr/include/$arch-linux-gnu/asm" "$out/kernel-headers/"

say "fetching Debian's sources and building them with musl into $prefix"
private_apt_root
while read -r name oldest hashes; do
    # shellcheck disable=SC2086 # a list
    [ -z "$name" ] || fetch "$name" "$oldest" $hashes
done <<<"$sources"
build_openssl
build_the_others
rm -rf "$prefix"
mv "$out" "$prefix"
say "done"
echo "$prefix" >&3
