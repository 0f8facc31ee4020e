#!/usr/bin/env bash
# Fetches the country databases (CC0) that demo and tests look places up in.
source "$(dirname "$0")/say.sh"

setup/fetch.sh '@ip-location-db/geo-whois-asn-country-mmdb@2.3.2026061719' \
  'sha512-xemBDNQl4mCYDuVbqe3jKGKsVDykZGkfvebhtOh/3VGLadq8vsp7t7ontpMUt3hH7sAGT0eLDyJ99SV+0waxZg==' \
  .setup/geo geo-whois-asn-country-ipv4.mmdb geo-whois-asn-country-ipv6.mmdb
