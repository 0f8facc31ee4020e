#!/usr/bin/env bash
# Fetches the data about networks that demo and tests look places up in: countries (CC0), and which
# autonomous system announces what (CC BY 4.0: Route Views, DB-IP, NRO).
source "$(dirname "$0")/say.sh"

setup/fetch.sh '@ip-location-db/geo-whois-asn-country-mmdb@2.3.2026061719' \
  'sha512-xemBDNQl4mCYDuVbqe3jKGKsVDykZGkfvebhtOh/3VGLadq8vsp7t7ontpMUt3hH7sAGT0eLDyJ99SV+0waxZg==' \
  .setup/geo geo-whois-asn-country-ipv4.mmdb geo-whois-asn-country-ipv6.mmdb

setup/fetch.sh '@ip-location-db/asn@2.3.2026061719' \
  'sha512-PpqYi7wyEyWwunXBtl+y3Vi403SvNywotWwvmiYCOUtE0SVol/Sf492Ee+eErEznmGapxEQB2SAfrpXuZ9a+vQ==' \
  .setup/systems asn-ipv4-num.csv asn-ipv6-num.csv
