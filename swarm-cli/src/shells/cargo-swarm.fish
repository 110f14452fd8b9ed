# Completes `cargo swarm …` and `cargo-swarm …`.

function __cargo_swarm_candidates
    set -l words (commandline -opc)
    set -l at (contains -i -- swarm $words)
    or set at 1
    # Fish takes what stands behind a tab as the meaning of a candidate.
    cargo-swarm complete -- $words[(math $at + 1)..] (commandline -ct) 2>/dev/null
end

complete -c cargo -n '__fish_seen_subcommand_from swarm' -a '(__cargo_swarm_candidates)'
complete -c cargo-swarm -a '(__cargo_swarm_candidates)'
