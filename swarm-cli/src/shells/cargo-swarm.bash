# Completes `cargo swarm …` and `cargo-swarm …`; all else of cargo is completed as it was before.

# Asks for what may follow the words from this number on.
_cargo_swarm_from() {
    local at words=() candidate
    for ((at = $1; at <= COMP_CWORD; at++)); do
        # For bash `=` is a word of its own: `--class=A` is `--class`, `=`, `A`.
        if [[ ${COMP_WORDS[at]} != "=" ]]; then
            words+=("${COMP_WORDS[at]}")
        elif ((at == COMP_CWORD)); then
            words+=("")
        fi
    done
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        COMPREPLY+=("$candidate")
    done < <(cargo-swarm complete -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

_cargo_swarm() {
    _cargo_swarm_from 1
}

_cargo_or_swarm() {
    local at=1
    while ((at < COMP_CWORD)) && [[ ${COMP_WORDS[at]} == [+-]* ]]; do
        ((at++))
    done
    if ((at < COMP_CWORD)) && [[ ${COMP_WORDS[at]} == swarm ]]; then
        _cargo_swarm_from $((at + 1))
        return
    fi
    if [[ -z $_cargo_swarm_before ]] && declare -F _completion_loader >/dev/null; then
        # bash-completion loads cargo's own one only now, and puts it in the place of this one.
        _completion_loader cargo
        _cargo_swarm_hook
    fi
    [[ -z $_cargo_swarm_before ]] || "$_cargo_swarm_before" "$@"
}

# Stands before the completion that cargo has now.
_cargo_swarm_hook() {
    local known
    known=$(complete -p cargo 2>/dev/null)
    if [[ $known == *" -F "* && $known != *" _cargo_or_swarm "* ]]; then
        known=${known#* -F }
        _cargo_swarm_before=${known%% *}
    fi
    complete -o bashdefault -o default -F _cargo_or_swarm cargo
}

_cargo_swarm_hook
complete -o bashdefault -o default -F _cargo_swarm cargo-swarm
