#!/bin/sh
# Runs the steps of docs/kiosk-technician.md in a bare Debian 12: sh tests/kiosk/server/clean_root.sh FOLDER
# Needs root, debootstrap and Debian's packages. What needs a booted system (systemd, udev, a screen) is not run here;
# the units are checked by systemd-analyze inside of the new root, and the two services are started by hand.
set -eu
# In a mount space of its own, so that nothing it mounts or unmounts reaches the machine.
[ -n "${CLEAN_ROOT-}" ] || CLEAN_ROOT=1 exec unshare --mount --propagation private sh "$0" "$@"
root=$1
here=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
guide="$here/docs/kiosk-technician.md"

block() { awk -v wanted="$1" '/^```sh$/ {n++; on = (n == wanted); next} /^```$/ {on = 0} on' "$guide"; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 http_proxy="${http_proxy-}" "$@"; }

[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$root" >/dev/null
for folder in dev proc sys; do mount --rbind "/$folder" "$root/$folder"; done
trap 'rm -rf "$work"' EXIT
[ -e "$root/etc/resolv.conf" ] || cp /etc/resolv.conf "$root/etc/resolv.conf"

echo "== the office makes the stick (block 1 of the guide)"
cd "$here"
"$here/.venv/bin/python" - "$work" <<'PY'
import sys
from pathlib import Path
from tests.kiosk.server.parts import Staff
staff = Staff(Path(sys.argv[1]) / "staff")
staff.put("aaaa0001")
PY
tree="$work/tree"
git worktree add -q --detach "$tree" HEAD
ln -s "$here/.venv" "$tree/.venv"
cp -r "$work/staff/updates" "$tree/更新"
(cd "$tree" && block 1 > "$work/office.sh" && sh -eu "$work/office.sh")
rm -rf "$root/media/stick"
mkdir -p "$root/media/stick"
cp -r "$tree/展屏安装" "$tree/caselib-kiosk" "$root/media/stick/"
git worktree remove --force "$tree"

echo "== the technician installs (block 2), twice, as a second run must change nothing"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
block 2 > "$root/srv/install.sh"
inside sh -c 'cd /media/stick && sh -eu /srv/install.sh && sh -eu /srv/install.sh | tail -1'

echo "== the PIN (block 3), typed into the settings"
line=$(echo 482916 | inside /opt/caselib-kiosk/bin/caselib kiosk pin --stdin)
inside sed -i "s|^pin: \"\"|$line|" /etc/caselib-kiosk/machine.yml
inside grep -c '^pin: scrypt' /etc/caselib-kiosk/machine.yml

echo "== the units"
inside systemd-analyze verify /etc/systemd/system/caselib-kiosk.service /etc/systemd/system/caselib-kiosk-browser.service
inside udevadm verify /etc/udev/rules.d/99-caselib-kiosk-usb.rules 2>/dev/null || echo "(this udevadm has no verify)"
inside systemctl is-enabled caselib-kiosk.service caselib-kiosk-browser.service

echo "== the services by hand, as their users"
mkdir -p "$root/run/caselib-usb"
cp -r "$root/media/stick/caselib-kiosk" "$root/run/caselib-usb/"
inside install -d -o caselib-kiosk /var/lib/caselib-kiosk
inside install -d -o caselib-screen -m 0700 /run/caselib-kiosk-browser
inside setpriv --reuid caselib-kiosk --regid caselib-kiosk --clear-groups \
  /opt/caselib-kiosk/bin/caselib kiosk run --no-browser --config /etc/caselib-kiosk/machine.yml & server=$!
sleep 15
# No Wayland here: the same browser, without a screen and without the sandbox that a container forbids.
inside sed 's|^flags: .*|flags: [--headless=new, --no-sandbox, --disable-gpu]|' /etc/caselib-kiosk/machine.yml > "$root/etc/caselib-kiosk/headless.yml"
inside setpriv --reuid caselib-screen --regid caselib-screen --init-groups \
  /opt/caselib-kiosk/bin/caselib kiosk browser --config /etc/caselib-kiosk/headless.yml & browser=$!
sleep 25
python3 -c "
import json, urllib.request
health = json.load(urllib.request.urlopen('http://127.0.0.1:8180/health'))
print(json.dumps({k: health[k] for k in ('status', 'problems', 'content', 'browser')}, ensure_ascii=False))
assert health['status'] == 'ok', health
"
# The jobs are shells around chroot: their children are what has to end.
for job in "$browser" "$server"; do pkill -TERM -P "$job" || kill "$job"; done
wait
echo "== a bare machine shows the content"
