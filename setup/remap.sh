# Sourced by who builds what is released: nothing of this machine, this folder or this moment gets into the bytes.

export CARGO_INCREMENTAL=0
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export TZ=UTC LC_ALL=C

# remap TREE TARGET [PROFILE]: flags for compilers of a tree that is built into TARGET, with what `make profile` learnt. The
# last prefix that fits counts, so the narrower ones come later.
remap() {
  local cargo=${CARGO_HOME:-$HOME/.cargo} sysroot
  sysroot=$(rustc --print sysroot)
  local -a pairs=("$sysroot=/rust" "$cargo=/cargo" "$1=/weir" "$2=/weir/target")
  local rust='' c=''
  for pair in "${pairs[@]}"; do
    rust+="${rust:+$'\x1f'}--remap-path-prefix=$pair"
    c+="${c:+ }-ffile-prefix-map=$pair"
  done
  rust+=${3:+$'\x1f'-Cprofile-use=$3}
  export CARGO_ENCODED_RUSTFLAGS=$rust CFLAGS=$c CXXFLAGS=$c
}
