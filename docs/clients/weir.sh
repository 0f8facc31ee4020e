# Tells Weir of something that happened. Copy it into your script and change the address.
#   weir_event version=1.2.3 step=install ok=true
# It says nothing, never fails and takes a second at most. DO_NOT_TRACK=1 keeps it silent.
WEIR_URL=${WEIR_URL:-https://get.acme.example/-/collect}

weir_event() {
    case ${DO_NOT_TRACK:-0} in 0 | false | '') ;; *) return 0 ;; esac
    command -v curl >/dev/null 2>&1 || return 0
    for weir_pair in "$@"; do
        shift
        set -- "$@" --data-urlencode "$weir_pair"
    done
    curl --silent --get --max-time 1 --output /dev/null \
        --user-agent "acme-rocket ($(uname -s); $(uname -m))" \
        "$@" "$WEIR_URL" >/dev/null 2>&1 || :
}
