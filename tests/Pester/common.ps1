# What every test file begins with: the built module, and a few helpers. Dot-sourced in BeforeAll.

$script:Manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'SsmTools.psd1'
$script:PowerShell = (Get-Process -Id $PID).Path
Import-Module $Manifest

# A sandbox that does not keep a test waiting.
function Start-TestSandbox {
    Start-SsmSandbox -BootDelay 0.3 -ProfileDelay 0.3
}

# What the completion of a command line offers.
function Complete([string] $Line) {
    (TabExpansion2 $Line $Line.Length).CompletionMatches
}

# Runs a line in a PowerShell of its own, with text typed into it; returns what it wrote and its exit code.
function Invoke-Child([string] $Command, [string] $Typed = '', [int] $Limit = 60) {
    $start = [System.Diagnostics.ProcessStartInfo]::new($PowerShell)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    foreach ($argument in '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$Manifest'; $Command") {
        $start.ArgumentList.Add($argument)
    }
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        $process.StandardInput.Write($Typed)
        $process.StandardInput.Close()
        if (-not $process.WaitForExit($Limit * 1000)) {
            $process.Kill($true)
            throw "Not done after $Limit s: $Command"
        }
        [pscustomobject]@{
            ExitCode = $process.ExitCode
            # As it reads, without what moves the cursor and sets colours.
            Output = $output.GetAwaiter().GetResult() -replace '\e\[[\d;?]*[a-zA-Z]' -replace '\r'
            Errors = $errors.GetAwaiter().GetResult()
        }
    }
    finally {
        $process.Dispose()
    }
}

# Starts a script in a runspace of its own, stops it when it has begun, and returns how it ended.
function Stop-Midway([string] $Script, [int] $After = 1500) {
    $shell = [powershell]::Create()
    try {
        $null = $shell.AddScript("Import-Module '$Manifest'").Invoke()
        $shell.Commands.Clear()
        $running = $shell.AddScript($Script).BeginInvoke()
        $ended = $running.AsyncWaitHandle.WaitOne($After)
        $shell.Stop()
        [pscustomobject]@{
            EndedByItself = $ended
            State = $shell.InvocationStateInfo.State
            Errors = @($shell.Streams.Error)
        }
    }
    finally {
        $shell.Dispose()
    }
}

# Runs something that has to fail and returns its error record.
function Get-Failure([scriptblock] $Do) {
    try {
        $null = & $Do
    }
    catch {
        return $_
    }
    throw "This did not fail: $Do"
}

# The rules that hold for every error that a user sees.
function Assert-Error($Record, [string] $Id, [string] $Category, $Target) {
    $Record.FullyQualifiedErrorId | Should -BeLike "$Id,SsmTools.Commands.*"
    $Record.CategoryInfo.Category | Should -Be $Category
    $Record.TargetObject | Should -Be $Target
    $Record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    "$Record" | Should -Not -Match '\sat SsmTools\.'
}
