#compdef cargo-swarm
# Completes `cargo swarm …` (cargo's own `_cargo`, which rustup brings, calls this function by its name) and `cargo-swarm …`.

_cargo-swarm() {
    local line
    local -a candidates
    for line in "${(@f)$(cargo-swarm complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        [[ -z $line ]] || candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if (( $#candidates )); then
        _describe 'cargo swarm' candidates
    else
        _files
    fi
}

if [[ ${funcstack[1]} == _cargo-swarm ]]; then
    _cargo-swarm "$@"
else
    compdef _cargo-swarm cargo-swarm
fi
