#!/bin/sh
# 把一台刚装好的 Debian 12 变成展屏。在安装盘的文件夹里以 root 运行：sh install.sh
# 可以重复运行：程序和系统设置换成安装盘上的，machine.yml 和已有的内容不动。
set -eu
here=$(cd "$(dirname "$0")" && pwd)

say() { printf '%s\n' "$*"; }
stop() { say "没有装好：$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop "请以 root 运行"
[ -f "$here/root.json" ] || stop "安装盘上没有 root.json（信任的起点，由主办单位给出）"
ls "$here"/wheels/caselib-*.whl >/dev/null 2>&1 || stop "安装盘上没有 wheels/caselib-*.whl"

say "1/5 安装系统软件（要联网）"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium cage xwayland python3-venv fonts-noto-cjk dbus libpam-systemd udev \
  systemd-timesyncd >/dev/null

say "2/5 安装程序（不联网）"
[ -x /opt/caselib-kiosk/bin/python ] || python3 -m venv /opt/caselib-kiosk
/opt/caselib-kiosk/bin/pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
  --force-reinstall --no-deps "$here"/wheels/*.whl

say "3/5 建用户"
id caselib-kiosk >/dev/null 2>&1 || useradd --system --home-dir /var/lib/caselib-kiosk --shell /usr/sbin/nologin caselib-kiosk
id caselib-screen >/dev/null 2>&1 || useradd --system --create-home --home-dir /var/lib/caselib-screen --shell /usr/sbin/nologin caselib-screen
# machine.yml 里有 PIN 的散列值，只给这两个用户读。
for group in video input render caselib-kiosk; do
  ! getent group "$group" >/dev/null || usermod -a -G "$group" caselib-screen
done

say "4/5 写系统设置"
install -d /etc/caselib-kiosk /etc/chromium/policies/managed
install -m 0644 "$here/root.json" /etc/caselib-kiosk/root.json
[ -e /etc/caselib-kiosk/machine.yml ] || install -m 0640 -g caselib-kiosk "$here/machine.yml" /etc/caselib-kiosk/machine.yml
install -m 0644 "$here/caselib-kiosk.service" "$here/caselib-kiosk-browser.service" /etc/systemd/system/
install -m 0644 "$here/caselib-kiosk-usb.rules" /etc/udev/rules.d/99-caselib-kiosk-usb.rules
install -m 0644 "$here/chromium-policy.json" /etc/chromium/policies/managed/caselib-kiosk.json

say "5/5 设为开机启动"
systemctl enable --quiet caselib-kiosk.service caselib-kiosk-browser.service
systemctl set-default --quiet multi-user.target
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  udevadm control --reload
  systemctl restart caselib-kiosk.service caselib-kiosk-browser.service
fi
say "装好了。请写 /etc/caselib-kiosk/machine.yml（至少 pin），再重新启动机器。"
