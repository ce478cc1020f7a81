#!/usr/bin/env bash
# Installs the real programs that tests and benchmarks run beside Faultline. None of them is a dependency of the product.
#
# usage: npm run peers                  everything
#        npm run peers -- --ci          what the tests need, nothing that only benchmarks compare with
#        npm run peers -- NAME...       these only (a name as printed by --list)
#        npm run peers -- --list
#
# Built programs go to ${FAULTLINE_PEERS:-${XDG_CACHE_HOME:-~/.cache}/faultline/peers} and stay there; Debian packages are installed where we are root.
# Run again, it does only what is missing. A peer that cannot be had is named at the end and never an error: tests that want it say so themselves.
set -u -o pipefail

peers=${FAULTLINE_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline/peers}
logs=$peers/logs

# name | kind | for tests (ci) or for benchmarks (bench) | command that proves it is there (Debian packages)
catalogue='
prometheus              debian  ci     prometheus
prometheus-alertmanager debian  ci     prometheus-alertmanager
victoria-metrics        debian  ci     victoria-metrics
postgresql              debian  ci     psql
nats-server             debian  ci     nats-server
nginx-light             debian  ci     nginx
chromium                debian  ci     chromium
wrk                     debian  ci     wrk
hey                     debian  bench  hey
nghttp2-client          debian  bench  h2load
jaeger                  go      ci     -
otelcol                 go      ci     -
telemetrygen            go      bench  -
vegeta                  go      bench  -
oha                     cargo   bench  -
gatling                 maven   bench  -
yaml-language-server    npm     ci     -
autocannon              npm     bench  -
artillery               npm     bench  -
'

jaeger_version=v1.76.0 # the last tag of the v1 module path; its cmd/jaeger is Jaeger v2
collector_version=v0.165.0
collector_confmap_version=v1.71.0
vegeta_version=v12.13.0
gatling_version=3.13.5

main() {
  mkdir -p "$logs"
  local wanted
  wanted=$(select_names "$@") || exit 2
  local debian=() built=() name kind
  while read -r name kind _; do
    if [ "$kind" = debian ]; then debian+=("$name"); else built+=("$name:$kind"); fi
  done <<<"$wanted"
  failed=()
  [ ${#debian[@]} -eq 0 ] || install_debian "${debian[@]}"
  local each
  for each in ${built[@]+"${built[@]}"}; do install_built "${each%%:*}" "${each##*:}"; done
  if [ ${#failed[@]} -gt 0 ]; then
    echo "peers: not installed:"
    printf '  %s\n' "${failed[@]}"
  fi
  echo "peers: built programs are in $peers"
}

select_names() {
  case "${1:-}" in
    '') awk NF <<<"$catalogue" ;;
    --ci) awk '$3 == "ci"' <<<"$catalogue" ;;
    --list)
      awk 'NF { printf "%-24s %-7s %s\n", $1, $2, $3 }' <<<"$catalogue" >&2
      exit 2
      ;;
    -*)
      echo "peers: unknown option $1 (known: --ci, --list)" >&2
      exit 2
      ;;
    *)
      local name line
      for name in "$@"; do
        line=$(awk -v name="$name" '$1 == name' <<<"$catalogue")
        if [ -z "$line" ]; then
          echo "peers: unknown peer $name (see --list)" >&2
          exit 2
        fi
        echo "$line"
      done
      ;;
  esac
}

# --- Debian ---------------------------------------------------------------------------------------------------------------------------------------------

install_debian() {
  local missing=() name command
  for name in "$@"; do
    command=$(awk -v name="$name" '$1 == name { print $4 }' <<<"$catalogue")
    if PATH=$PATH:/usr/sbin command -v "$command" >/dev/null; then echo "peers: $name is there"; else missing+=("$name"); fi
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    for name in "${missing[@]}"; do failed+=("$name: no apt-get here; install it with this system's own package manager"); done
    return 0
  fi
  if [ "$(id -u)" != 0 ]; then
    failed+=("${missing[*]}: needs root; run: sudo apt-get install --no-install-recommends ${missing[*]}")
    return 0
  fi
  echo "peers: installing ${missing[*]} with apt-get"
  hold_daemons
  apt-get update >"$logs/apt.log" 2>&1
  if ! apt_install "${missing[@]}"; then
    for name in "${missing[@]}"; do apt_install "$name" || failed+=("$name: apt-get could not install it ($logs/apt.log)"); done
  fi
  release_daemons
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$logs/apt.log" 2>&1
}

# Several of these packages start a daemon when installed; the tests start their own, on free ports.
hold_daemons() {
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap release_daemons EXIT
    holds_daemons=yes
  fi
}

release_daemons() {
  if [ "${holds_daemons:-no}" = yes ]; then rm -f /usr/sbin/policy-rc.d; fi
  holds_daemons=no
}

# --- Built --------------------------------------------------------------------------------------------------------------------------------------------------

install_built() {
  local name=$1 tool=$2
  if [ -e "$peers/$name" ]; then
    echo "peers: $name is there"
    return 0
  fi
  case $tool in
    maven) command -v mvn >/dev/null && command -v java >/dev/null || { failed+=("$name: needs Java and Maven"); return 0; } ;;
    *) command -v "$tool" >/dev/null || { failed+=("$name: needs $tool"); return 0; } ;;
  esac
  echo "peers: building $name ..."
  local work status
  work=$(mktemp -d)
  # Not inside `if`: there bash would ignore the subshell's -e.
  (set -e; cd "$work"; "build_${name}") >"$logs/$name.log" 2>&1
  status=$?
  if [ $status -eq 0 ] && [ -e "$peers/$name" ]; then
    echo "peers: $name is built"
  else
    rm -rf "${peers:?}/$name"
    failed+=("$name: see $logs/$name.log ($(tail -n 1 "$logs/$name.log" | cut -c1-160))")
  fi
  chmod -R u+w "$work" && rm -rf "$work"
}

# `go install` refuses this module for its replace directive; its own go.mod becomes that of an empty module around it. Some minutes the first time.
build_jaeger() {
  go mod init faultline-peer-jaeger
  local source
  source=$(go mod download -json "github.com/jaegertracing/jaeger@$jaeger_version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  install -m 644 "$source/go.mod" "$source/go.sum" .
  sed -i '1s/.*/module faultline-peer-jaeger/' go.mod
  go mod edit -require="github.com/jaegertracing/jaeger@$jaeger_version"
  go build -mod=mod -o jaeger github.com/jaegertracing/jaeger/cmd/jaeger
  mv jaeger "$peers/jaeger"
}

# With its own builder: OTLP in; nothing, OTLP/gRPC and OTLP/HTTP out.
build_otelcol() {
  GOBIN=$PWD go install "go.opentelemetry.io/collector/cmd/builder@$collector_version"
  local at=go.opentelemetry.io/collector
  cat >build.yaml <<YAML
dist: { name: otelcol, output_path: $PWD/dist }
receivers: [{ gomod: $at/receiver/otlpreceiver $collector_version }]
processors: [{ gomod: $at/processor/batchprocessor $collector_version }]
exporters:
  - { gomod: $at/exporter/nopexporter $collector_version }
  - { gomod: $at/exporter/otlpexporter $collector_version }
  - { gomod: $at/exporter/otlphttpexporter $collector_version }
providers:
  - { gomod: $at/confmap/provider/fileprovider $collector_confmap_version }
  - { gomod: $at/confmap/provider/envprovider $collector_confmap_version }
YAML
  ./builder --config build.yaml
  mv dist/otelcol "$peers/otelcol"
}

build_telemetrygen() {
  GOBIN=$PWD go install github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen@latest
  mv telemetrygen "$peers/telemetrygen"
}

build_vegeta() {
  GOBIN=$PWD go install "github.com/tsenart/vegeta/v12@$vegeta_version"
  mv vegeta "$peers/vegeta"
}

build_oha() {
  cargo install oha --locked --root "$PWD"
  mv bin/oha "$peers/oha"
}

# A folder of jars: java --add-opens=java.base/java.lang=ALL-UNNAMED -cp 'gatling/*:CLASSES' io.gatling.app.Gatling -s SIMULATION -nr
build_gatling() {
  cat >pom.xml <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>faultline</groupId><artifactId>peer-gatling</artifactId><version>1</version>
<dependencies><dependency><groupId>io.gatling.highcharts</groupId><artifactId>gatling-charts-highcharts</artifactId><version>$gatling_version</version></dependency></dependencies>
</project>
XML
  mvn -q -B dependency:copy-dependencies -DoutputDirectory="$PWD/jars"
  mv jars "$peers/gatling"
}

build_yaml-language-server() { build_npm yaml-language-server; }
build_autocannon() { build_npm autocannon; }
# It brings browsers along for a way of testing that is not compared here; where their download is refused the whole installation would fail.
build_artillery() { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 build_npm artillery; }

# Under Node 24, which `npm run` puts first on the path: under an older one npm picks other versions.
build_npm() {
  local name=$1
  mkdir "$name" && echo '{}' >"$name/package.json"
  # With its version, or npm takes the name for the folder that was just made.
  npm install --no-audit --no-fund --prefix "$PWD/$name" "$name@latest"
  mv "$name" "$peers/$name"
}

main "$@"
