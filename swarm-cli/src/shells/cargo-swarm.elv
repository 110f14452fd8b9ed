# Completes `cargo swarm …` and `cargo-swarm …`; all else of cargo by what completed it before, or by names of files.

use str

fn cargo-swarm-candidates {|@words|
  try {
    cargo-swarm complete -- $@words 2>/dev/null | from-lines | each {|line|
      var parts = [(str:split &max=2 "\t" $line)]
      edit:complex-candidate $parts[0] &display=$parts[0]'  '$parts[1]
    }
  } catch { }
}

var before = {|@words| edit:complete-filename $words[-1] }
if (has-key $edit:completion:arg-completer cargo) {
  set before = $edit:completion:arg-completer[cargo]
}
set edit:completion:arg-completer[cargo-swarm] = {|@words| cargo-swarm-candidates (all $words[1..]) }
set edit:completion:arg-completer[cargo] = {|@words|
  if (and (> (count $words) 2) (eq $words[1] swarm)) {
    cargo-swarm-candidates (all $words[2..])
  } else {
    $before $@words
  }
}
