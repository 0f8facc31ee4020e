#!/usr/bin/env bash
# Boots a small Debian with systemd in a virtual machine and tries there what docs/install.md says (setup/vm/trial.sh).
# Takes target/release/weir and the engine as they are. The machine has no network, and forgets what was done in it.
#
#   VM_SUITE=trixie setup/vm.sh     # another Debian than this one
#   VM_ACCEL=kvm setup/vm.sh        # where the processor helps; without, it takes half an hour of two processors
source "$(dirname "$0")/say.sh"

suite=${VM_SUITE:-$(. /etc/os-release && echo "${VERSION_CODENAME:-}")}
accel=${VM_ACCEL:-tcg,thread=multi}
patience=${VM_PATIENCE:-7200} # seconds
folder=${CARGO_TARGET_DIR:-target}/vm
image=$folder/$suite.ext4
program=target/release/weir
engine=.setup/engine/libchdb.so

for file in $program $engine; do
  [ -f "$file" ] || die "$file is not there: make build engine"
done
setup/apt.sh e2fsprogs mmdebstrap qemu-system-x86
mkdir -p "$folder"

# Where this machine has its packages from, so that no other place is asked.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1
}

make_image() {
  local from
  from=$(mirror)
  [ -n "$from" ] || die 'apt knows no Debian archive: the image is made on Debian only'
  rm -rf "$folder/root"
  mmdebstrap --quiet --variant=minbase \
    --include=busybox,ca-certificates,curl,initramfs-tools,iproute2,kmod,linux-image-cloud-amd64,openssl,procps,sudo,systemd-sysv,udev \
    "$suite" "$folder/root" "$from"
  cp "$folder"/root/boot/vmlinuz-* "$folder/$suite.vmlinuz"
  cp "$folder"/root/boot/initrd.img-* "$folder/$suite.initrd"
  install -m 0644 setup/vm/trial.service "$folder/root/etc/systemd/system/trial.service"
  ln -s ../trial.service "$folder/root/etc/systemd/system/multi-user.target.wants/trial.service"
  echo '127.0.0.1 localhost machine' >"$folder/root/etc/hosts"
  echo machine >"$folder/root/etc/hostname"
  mke2fs -q -t ext4 -d "$folder/root" "$image.new" 4G
  mv "$image.new" "$image"
  rm -rf "$folder/root"
}

if [ ! -f "$image" ] || [ setup/vm.sh -nt "$image" ] || [ setup/vm/trial.service -nt "$image" ]; then
  say "making the machine: Debian $suite"
  make_image
fi

say 'what is installed in it'
tar --create --dereference --file "$folder/parcel.tar" "$program" "$engine" config/systemd docs/install.md setup/vm

say "booting it (at most $((patience / 60)) minutes)"
rm -f "$folder/console.log" "$folder/trial.log"
# A processor that Debian and the engine know, whatever runs this.
timeout "$patience" qemu-system-x86_64 -accel "$accel" -cpu Haswell-noTSX -smp 2 -m 3G -display none -nic none -no-reboot \
  -kernel "$folder/$suite.vmlinuz" -initrd "$folder/$suite.initrd" -append 'root=/dev/vda rw console=ttyS0 panic=-1' \
  -drive "file=$image,format=raw,if=virtio,snapshot=on" \
  -drive "file=$folder/parcel.tar,format=raw,if=virtio,readonly=on" \
  -serial "file:$folder/console.log" -serial "file:$folder/trial.log" </dev/null 2>"$folder/qemu.log" ||
  die "the machine did not end by itself: see $folder/trial.log, console.log and qemu.log"

tr -d '\r' <"$folder/trial.log" | grep -E '^(ok|not ok|on) '
grep -q '^all is so' "$folder/trial.log" || die "not all is so: the journal is in $folder/trial.log"
