# Completes `cargo swarm …` and `cargo-swarm …`.

Register-ArgumentCompleter -Native -CommandName cargo, cargo-swarm -ScriptBlock {
    param($current, $line, $position)
    $words = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { $_.ToString() })
    $skip = 1
    if ($words[0] -notlike '*cargo-swarm*') {
        if ($words.Count -lt 2 -or $words[1] -ne 'swarm') { return }
        $skip = 2
    }
    $words = @($words | Select-Object -Skip $skip)
    if ($current -eq '') { $words += '' }
    cargo-swarm complete -- @words 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
}
