#!/bin/sh
# From a clone or a tarball to a built program: installs missing packages (Debian, Ubuntu and their
# kin), runs autoreconf and configure where that is needed, and builds. Arguments go to configure.
set -eu

say() {
	echo "bootstrap: $*"
}

die() {
	say "$*" >&2
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

cd "$(dirname "$0")"

# Needed to build; needed by the tests.
build_packages="make gcc libc6-dev pkg-config libncurses-dev libinotifytools0-dev libuv1-dev
	libpcre2-dev libconfig-dev libjansson-dev zlib1g-dev libzstd-dev ncurses-base"
test_packages="check python3 python3-pyte tzdata ncurses-term"
# A tarball brings its configure.
generated() {
	[ -f configure ] && [ -f Makefile.in ]
}
generated || build_packages="autoconf automake $build_packages"

installed() {
	case $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) in
	*" installed") return 0 ;;
	esac
	# Newer releases have pkgconf in its place.
	[ "$1" = pkg-config ] && have pkg-config
}

# Of the packages given, those that are not installed.
missing() {
	absent=
	for package; do
		installed "$package" || absent="$absent $package"
	done
	echo "${absent# }"
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Without a terminal apt-get must not ask; its own words are shown only when it fails.
apt() {
	if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >"$apt_log" 2>&1; then
		tail -n 20 "$apt_log" >&2
		return 1
	fi
}

install_packages() {
	if [ "$(id -u)" != 0 ] && ! have sudo; then
		say "cannot install packages: not root, and there is no sudo" >&2
		return
	fi
	apt_log=$(mktemp)
	say "updating the list of packages"
	apt update || say "apt-get update failed; trying with the list as it is" >&2
	say "installing: $*"
	# shellcheck disable=SC2086
	apt install -y --no-install-recommends "$@" || say "apt-get install failed" >&2
	rm -f "$apt_log"
}

debian_packages() {
	# The lists are meant to be split.
	# shellcheck disable=SC2086
	wanted=$(missing $build_packages $test_packages)
	[ -n "$wanted" ] || return 0
	say "missing packages: $wanted"
	# shellcheck disable=SC2086
	install_packages $wanted
	installed_some=yes
	# shellcheck disable=SC2086
	lacking=$(missing $build_packages) untested=$(missing $test_packages)
	[ -z "$lacking" ] || die "these packages are still missing: $lacking
  Install them with: apt-get install $lacking"
	[ -z "$untested" ] || say "some tests will be skipped without: $untested"
}

other_system() {
	say "this is not Debian or Ubuntu; nothing is installed here"
	lacking=
	tools="make pkg-config"
	generated || tools="autoreconf automake $tools"
	for tool in $tools; do
		have "$tool" || lacking="$lacking $tool"
	done
	have "${CC:-cc}" || have gcc || lacking="$lacking gcc"
	[ -z "$lacking" ] || die "these programs are missing:$lacking
  The libraries needed are ncursesw, libinotifytools (inotify-tools), libuv, pcre2, libconfig and jansson."
}

# The arguments as `config.status --config` prints them.
quoted() {
	line=
	for arg; do
		line="$line '$(printf '%s' "$arg" | sed "s/'/'\\\\''/g")'"
	done
	echo "${line# }"
}

# Without arguments an existing configuration stays as it is.
configured() {
	[ -f Makefile ] && [ -f config.status ] || return 1
	[ $# = 0 ] || [ "$(quoted "$@")" = "$(./config.status --config)" ]
}

installed_some=no
if have dpkg-query && have apt-get; then
	debian_packages
else
	other_system
fi
if ! generated; then
	say "autoreconf"
	autoreconf -fi
fi
if ! configured "$@"; then
	say "configure${*:+ $*}"
	./configure "$@"
elif [ $installed_some = yes ]; then
	say "configure, as before, with the new packages"
	./config.status --recheck
	./config.status
fi
say "make"
make -j"$(nproc 2>/dev/null || echo 2)"
say "done: ./tailboard"
