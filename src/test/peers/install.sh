#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the servers that the drivers start, from Debian's packages; to be run as root. What Debian starts of them by itself is stopped again;
# a package that was there before is left as it is.
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "install.sh: run it as root (it calls apt-get)" >&2; exit 1; }
command -v apt-get > /dev/null || { echo "install.sh: needs Debian's apt-get" >&2; exit 1; }

wanted=()
for package in redis-server etcd-server etcd-client zookeeper; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q '^install ok installed' || wanted+=("$package")
done
[ "${#wanted[@]}" -gt 0 ] || { echo "install.sh: all there"; exit 0; }

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${wanted[@]}"

for package in "${wanted[@]}"; do
  service=${package/etcd-server/etcd}
  if [ -d /run/systemd/system ]; then
    systemctl disable -q --now "$service" 2> /dev/null || true
  elif [ -x "/etc/init.d/$service" ]; then
    "/etc/init.d/$service" stop > /dev/null 2>&1 || true
  fi
done
echo "install.sh: installed ${wanted[*]}"
